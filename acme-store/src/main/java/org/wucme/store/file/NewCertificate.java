package org.wucme.store.file;

import java.security.KeyPair;
import java.time.Instant;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;
import org.wucme.store.KeyReference;

/** What is to be stored, checked and ready to be written. */
final class NewCertificate {

    private final CertificateChain chain;
    private final KeyPair keyPair;
    private final String keyPem;

    private NewCertificate(CertificateChain chain, KeyPair keyPair, String keyPem) {
        this.chain = chain;
        this.keyPair = keyPair;
        this.keyPem = keyPem;
    }

    /**
     * Reads back what will be written, since the files must hold the key that signs for the certificate.
     *
     * @throws IllegalArgumentException if the key is not the certificate's or a reference, or the certificate is never valid
     */
    static NewCertificate of(CertificateChain chain, KeyPair keyPair) {
        requireEncodable(keyPair);
        String keyPem = Pem.encode(keyPair.getPrivate());
        try {
            KeyPair written = KeyPairs.read(keyPem);
            if (!Contents.belong(written, chain)) {
                throw new IllegalArgumentException("the private key does not belong to the certificate");
            }
            requireValidity(chain);
            return new NewCertificate(chain, written, keyPem);
        } catch (PemException e) {
            throw new IllegalArgumentException("the private key cannot be read back: " + e.getMessage(), e);
        }
    }

    private static void requireValidity(CertificateChain chain) {
        Instant begin = chain.leaf().getNotBefore().toInstant();
        Instant end = chain.leaf().getNotAfter().toInstant();
        if (!begin.isBefore(end)) {
            throw new IllegalArgumentException(
                    "the certificate expires at " + end + ", before it is valid at " + begin);
        }
    }

    /**
     * Files hold keys themselves.
     *
     * @throws IllegalArgumentException if it is a reference
     */
    static void requireEncodable(KeyPair keyPair) {
        if (keyPair.getPrivate() instanceof KeyReference reference) {
            throw new IllegalArgumentException("the key " + reference.uri()
                    + " is a reference, and cannot be kept in a file: choose a store that keeps references, or a key in"
                    + " software");
        }
    }

    CertificateChain chain() {
        return chain;
    }

    KeyPair keyPair() {
        return keyPair;
    }

    String certificatePem() {
        return chain.toPem() + keyPem;
    }

    String keyPem() {
        return keyPem;
    }

    Seal seal() {
        return Seal.of(chain, Contents.digest(certificatePem()));
    }
}
