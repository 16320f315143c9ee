package org.wucme.acme.pki;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;

/**
 * A private key that signs where it lives: in this process, or in a device or service that never gives it away (HSM, PKCS#11,
 * a cloud's key service). Whatever an account key or a certificate's key is needed for can be done with one of these.
 *
 * <p>Must be thread-safe: requests are signed in parallel.
 */
public interface Signer {

    /** The public half. Always the same; asks nobody. */
    PublicKey publicKey();

    /**
     * Signs. May talk to a device or over a network.
     *
     * @param jcaAlgorithm how, as {@link java.security.Signature} names it: {@code SHA256withECDSA}, {@code SHA256withRSA}
     *     (PKCS#1 v1.5), {@code Ed25519} and so on, as it fits the public key
     * @param data what is to be signed, not hashed yet
     * @return the signature as JCA gives it; that of an elliptic curve is thus in DER
     * @throws IOException if the key cannot sign; the message says why
     */
    byte[] sign(String jcaAlgorithm, byte[] data) throws IOException;

    /** A signer with a key pair, through JCA: the private half may live in the device of a JCA provider. */
    static Signer of(KeyPair pair) {
        return new KeyPairSigner(pair);
    }
}
