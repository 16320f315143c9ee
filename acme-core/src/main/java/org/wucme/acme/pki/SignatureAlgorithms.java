package org.wucme.acme.pki;

import java.security.Key;
import java.security.interfaces.ECKey;

/** Which signature fits a key: the digest is as strong as the curve. */
final class SignatureAlgorithms {

    private SignatureAlgorithms() {}

    /** The JCA name of the algorithm with which a key signs certificates and requests. */
    static String forKey(Key key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> digest((ECKey) key) + "withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> throw new IllegalArgumentException("keys of type " + key.getAlgorithm() + " are not supported");
        };
    }

    private static String digest(ECKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return bits <= 256 ? "SHA256" : bits <= 384 ? "SHA384" : "SHA512";
    }
}
