package org.wucme.store;

import java.security.PrivateKey;
import java.util.Objects;

/**
 * Stands for a private key that never leaves the device it lives in, such as an HSM or a cloud's key service: a store keeps its
 * name, and who signs with it asks that device. As half of a {@link java.security.KeyPair}, beside the public key, it goes
 * wherever a key does. It cannot be encoded, so a store that keeps keys themselves, such as one of files, refuses it.
 * Immutable.
 */
public final class KeyReference implements PrivateKey {

    private static final long serialVersionUID = 1;

    private final String uri;
    private final String algorithm;

    /**
     * A reference.
     *
     * @param uri what the device calls the key, such as {@code pkcs11:token=www;object=key1}; no secret
     * @param algorithm such as {@code EC}
     */
    public KeyReference(String uri, String algorithm) {
        this.uri = Objects.requireNonNull(uri, "uri");
        this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
    }

    /** What the device calls the key. */
    public String uri() {
        return uri;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    /** Always null: there is nothing to encode. */
    @Override
    @SuppressWarnings("NullAway")
    public String getFormat() {
        return null;
    }

    /** Always null: there is nothing to encode. */
    @Override
    @SuppressWarnings("NullAway")
    public byte[] getEncoded() {
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyReference that && uri.equals(that.uri) && algorithm.equals(that.algorithm);
    }

    @Override
    public int hashCode() {
        return Objects.hash(uri, algorithm);
    }

    @Override
    public String toString() {
        return "KeyReference[" + uri + "]";
    }
}
