package org.wucme.acme.internal.jca;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys as the platform has them, from those of any provider: Java's own TLS takes an elliptic curve's key only if it is
 * called {@code EC}, and Bouncy Castle's are called {@code ECDSA}. A key that cannot leave its provider (HSM, PKCS#11), or that
 * the platform does not know, stays as it is.
 */
public final class PlatformKeys {

    private PlatformKeys() {}

    /** Both halves of a pair. */
    public static KeyPair of(KeyPair pair) {
        return new KeyPair(of(pair.getPublic()), of(pair.getPrivate()));
    }

    /** A private key. */
    public static PrivateKey of(PrivateKey key) {
        byte[] encoded = encoded(key);
        if (encoded == null) {
            return key;
        }
        try {
            return Jca.keyFactory(algorithm(key.getAlgorithm())).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | RuntimeException e) {
            return key;
        }
    }

    /** A public key. */
    public static PublicKey of(PublicKey key) {
        try {
            return Jca.keyFactory(algorithm(key.getAlgorithm()))
                    .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException | RuntimeException e) {
            return key;
        }
    }

    /** Whether two public keys are the same, whatever provider each is from. */
    public static boolean isSame(PublicKey one, PublicKey other) {
        return Arrays.equals(of(one).getEncoded(), of(other).getEncoded());
    }

    /**
     * Checks that a certificate is signed by the key of another.
     *
     * @throws NoSuchAlgorithmException if it is signed in a way that no provider knows
     * @throws GeneralSecurityException if it is not
     */
    public static void verify(X509Certificate certificate, X509Certificate issuer) throws GeneralSecurityException {
        certificate.verify(of(issuer.getPublicKey()), Jca.provider("Signature", certificate.getSigAlgName()));
    }

    /**
     * What signs with a private key: the platform if the key is one {@linkplain #of of its own}, and else what JCA finds for
     * the key, for it can only be used where it lives.
     */
    public static Signature signature(String algorithm, PrivateKey key) throws GeneralSecurityException {
        boolean isOurs = Jca.isOfPlatform(key) && encoded(key) != null;
        Signature signature = isOurs ? Jca.signature(algorithm) : Signature.getInstance(algorithm);
        signature.initSign(key, Jca.random());
        return signature;
    }

    private static byte @Nullable [] encoded(PrivateKey key) {
        try {
            return "PKCS#8".equals(key.getFormat()) ? key.getEncoded() : null;
        } catch (RuntimeException e) {
            // Providers say in more than one manner that a key stays where it is.
            return null;
        }
    }

    /** What the platform's key factory calls keys that another provider may call by what they are used for. */
    private static String algorithm(String name) {
        return switch (name) {
            case "ECDSA", "ECDH" -> "EC";
            case "Ed25519", "Ed448" -> "EdDSA";
            default -> name;
        };
    }
}
