package org.wucme.acme.internal.octets;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** The octets of certificates (X.690). */
public final class Der {

    private Der() {}

    /**
     * A certificate in DER.
     *
     * @throws IllegalArgumentException if it was made in a way that it has none
     */
    public static byte[] of(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded", e);
        }
    }
}
