package org.wucme.acme;

import java.nio.charset.StandardCharsets;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.PemException;

/** Certificate chains as a CA sends them (RFC 8555 section 7.4.2). */
final class Chains {

    private Chains() {}

    static CertificateChain read(String certificateUrl, HttpReply reply) throws AcmeProtocolException {
        try {
            return CertificateChain.parse(reply.body().string(StandardCharsets.UTF_8));
        } catch (PemException e) {
            throw new AcmeProtocolException("the certificate at " + certificateUrl + ": " + e.getMessage(), e)
                    .ofReply();
        }
    }
}
