package org.wucme.acme.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.internal.jca.PlatformKeys;

/** The kinds of key that CAs accept, for accounts as for certificates; public CAs all but the last. */
public enum KeyType {
    /** Elliptic curve P-256: what every CA and every browser takes; the default. */
    EC_P256("EC", 256),
    /** Elliptic curve P-384. */
    EC_P384("EC", 384),
    /** RSA with 2048 bits. */
    RSA_2048("RSA", 2048),
    /** RSA with 3072 bits. */
    RSA_3072("RSA", 3072),
    /** RSA with 4096 bits. */
    RSA_4096("RSA", 4096),
    /** Edwards curve 25519. No public CA takes it; private ones do, such as step-ca, for accounts as for certificates. */
    ED25519("Ed25519", 255);

    private final String algorithm;
    private final int bits;

    KeyType(String algorithm, int bits) {
        this.algorithm = algorithm;
        this.bits = bits;
    }

    /**
     * The key type that a text names: {@code ec-p256}, {@code rsa-2048} and so on, in any case.
     *
     * @throws IllegalArgumentException if there is none; the message lists them all
     */
    public static KeyType of(String name) {
        for (KeyType type : values()) {
            if (type.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        String known = Arrays.stream(values()).map(KeyType::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("\"" + name + "\" is not a key type; these are: " + known);
    }

    /** The type of a key, or the nearest that public CAs accept; empty if it is neither RSA nor of an elliptic curve. */
    public static Optional<KeyType> like(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return Optional.of(likeRsa(rsa.getModulus().bitLength()));
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return Optional.of(bits <= 256 ? EC_P256 : EC_P384);
        }
        return Optional.empty();
    }

    private static KeyType likeRsa(int bits) {
        if (bits <= 2048) {
            return RSA_2048;
        }
        return bits <= 3072 ? RSA_3072 : RSA_4096;
    }

    /** Makes a new key pair. */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = Jca.keyPairGenerator(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"), Jca.random());
            } else {
                generator.initialize(bits, Jca.random());
            }
            return PlatformKeys.of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make keys of type " + this, e);
        }
    }

    /** The name that {@link #of} reads. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
