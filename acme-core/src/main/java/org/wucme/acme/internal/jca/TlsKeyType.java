package org.wucme.acme.internal.jca;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Locale;

/**
 * The type of a server's key, to be compared with what a TLS engine asks a key manager for. Engines have different words:
 *
 * <ul>
 *   <li>SunJSSE: {@code EC}, {@code EdDSA}, {@code RSA}, {@code RSASSA-PSS};
 *   <li>BCJSSE: {@code EC/secp256r1} and {@code Ed25519} over TLS 1.3, {@code ECDHE_ECDSA}, {@code ECDHE_RSA} and {@code KE:RSA}
 *       over TLS 1.2;
 *   <li>Conscrypt: {@code RSA}, {@code EC};
 *   <li>Netty with OpenSSL: these, {@code EC_EC}, and the key exchanges of its cipher suites.
 * </ul>
 *
 * @param algorithm as the platform calls it, such as {@code EC}
 * @param curve as TLS calls it (RFC 8422, RFC 8446 section 4.2.7), such as {@code secp256r1}; empty if it has none
 */
public record TlsKeyType(String algorithm, String curve) {

    /** Elliptic curve P-256. */
    public static final TlsKeyType EC_P256 = new TlsKeyType("EC", "secp256r1");

    private static final String ANY = "UNKNOWN";

    /** The type of a public key of any provider. */
    public static TlsKeyType of(PublicKey key) {
        PublicKey known = PlatformKeys.of(key);
        if (known instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return new TlsKeyType("EC", "secp" + bits + "r1");
        }
        if (known instanceof EdECPublicKey ed) {
            return new TlsKeyType("EdDSA", ed.getParams().getName());
        }
        return new TlsKeyType(known.getAlgorithm(), "");
    }

    /** Whether a key of this type is one that an engine asks for. */
    public boolean isAskedForAs(String keyType) {
        if (keyType.equalsIgnoreCase(ANY) || keyType.equalsIgnoreCase(algorithm) || keyType.equalsIgnoreCase(curve)) {
            return true;
        }
        int slash = keyType.indexOf('/');
        if (slash >= 0) {
            return keyType.substring(0, slash).equalsIgnoreCase(algorithm)
                    && keyType.substring(slash + 1).equalsIgnoreCase(curve);
        }
        return switch (keyType.toUpperCase(Locale.ROOT)) {
            case "ECDSA", "ECDHE_ECDSA", "ECDH_ECDSA", "EC_EC" -> algorithm.equals("EC");
            case "DHE_RSA", "ECDHE_RSA", "KE:RSA" -> algorithm.equals("RSA");
            default -> false;
        };
    }
}
