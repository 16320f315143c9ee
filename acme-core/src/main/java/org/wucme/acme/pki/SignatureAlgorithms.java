package org.wucme.acme.pki;

import java.security.PublicKey;
import java.security.interfaces.ECKey;
import org.wucme.acme.internal.jca.PlatformKeys;

/** Which signature fits a key: the digest is as strong as the curve. */
final class SignatureAlgorithms {

    private SignatureAlgorithms() {}

    /**
     * The JCA name of the algorithm with which a key signs certificates and requests. Asks for the public half: a private
     * key that lives in a device need not tell its curve.
     */
    static String forKey(PublicKey key) {
        PublicKey known = PlatformKeys.of(key);
        return switch (known.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> digest((ECKey) known) + "withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> throw new IllegalArgumentException("keys of type " + key.getAlgorithm() + " are not supported");
        };
    }

    private static String digest(ECKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return bits <= 256 ? "SHA256" : bits <= 384 ? "SHA384" : "SHA512";
    }
}
