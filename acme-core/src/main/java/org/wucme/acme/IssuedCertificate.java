package org.wucme.acme;

import java.security.KeyPair;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;

/**
 * A certificate that was just obtained and checked, with its private key if that is at hand.
 *
 * @param chain the certificate and the chain to its root
 * @param key the certificate's key pair; null if the request was made elsewhere, by the owner of the key ({@link
 *     CertificateRequest.Builder#csr})
 * @param orderUrl the order that it came from
 */
public record IssuedCertificate(
        CertificateChain chain, @Nullable KeyPair key, String orderUrl) {

    @Override
    public String toString() {
        return "IssuedCertificate[" + chain.identifiers() + ", until "
                + chain.leaf().getNotAfter().toInstant() + "]";
    }
}
