package org.wucme.acme;

import java.security.KeyPair;
import org.wucme.acme.pki.CertificateChain;

/**
 * A certificate that was just obtained and checked, with its private key.
 *
 * @param chain the certificate and the chain to its root
 * @param key the certificate's key pair
 * @param orderUrl the order that it came from
 */
public record IssuedCertificate(CertificateChain chain, KeyPair key, String orderUrl) {

    @Override
    public String toString() {
        return "IssuedCertificate[" + chain.identifiers() + ", until "
                + chain.leaf().getNotAfter().toInstant() + "]";
    }
}
