package org.wucme.acme;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.acme.internal.jose.MacKey;

/**
 * An account that a CA knows already, to which it wants an ACME account bound (RFC 8555 section 7.3.4). The CA hands out both
 * parts, some CAs for one use only. Immutable; the key is never printed.
 */
public final class ExternalAccount {

    private final String keyId;
    private final byte[] macKey;
    private final MacAlgorithm algorithm;

    private ExternalAccount(String keyId, byte[] macKey, MacAlgorithm algorithm) {
        this.keyId = keyId;
        this.macKey = macKey;
        this.algorithm = algorithm;
    }

    /** How the binding is authenticated (RFC 7518 section 3.2). */
    public enum MacAlgorithm {
        /** HMAC with SHA-256: what CAs use unless they say otherwise. */
        HS256(256),
        /** HMAC with SHA-384. */
        HS384(384),
        /** HMAC with SHA-512. */
        HS512(512);

        private final int bits;

        MacAlgorithm(int bits) {
            this.bits = bits;
        }
    }

    /**
     * An external account, with {@link MacAlgorithm#HS256}.
     *
     * @param keyId the CA's name for the key, often called {@code kid}
     * @param macKey the key as CAs hand it out: base64url or base64, padded or not, white space around it or none
     * @throws IllegalArgumentException if either is empty, or the key is neither base64url nor base64
     */
    public static ExternalAccount of(String keyId, String macKey) {
        String name = keyId.strip();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the key identifier of the external account is empty");
        }
        return new ExternalAccount(name, decode(name, macKey), MacAlgorithm.HS256);
    }

    /** This account with another algorithm, for a CA that says so. */
    public ExternalAccount algorithm(MacAlgorithm other) {
        return new ExternalAccount(keyId, macKey, other);
    }

    Map<String, Object> bind(JwsKey accountKey, String newAccountUrl) {
        return new MacKey(algorithm.bits, macKey).bind(accountKey, keyId, newAccountUrl);
    }

    // No cause, and nothing of the text: it is a secret, even when it is mistyped.
    private static byte[] decode(String keyId, String text) {
        String base64url =
                text.strip().replaceFirst("=+$", "").replace('+', '-').replace('/', '_');
        byte[] octets = {};
        try {
            octets = Base64.getUrlDecoder().decode(base64url);
        } catch (IllegalArgumentException e) {
            base64url = "";
        }
        if (base64url.isEmpty()) {
            throw new IllegalArgumentException("the MAC key of the external account \"" + keyId
                    + "\" is not base64url: give it exactly as the CA shows it");
        }
        return octets;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExternalAccount that
                && keyId.equals(that.keyId)
                && algorithm == that.algorithm
                && MessageDigest.isEqual(macKey, that.macKey);
    }

    /** Of the key, too; the same in each run. */
    @Override
    public int hashCode() {
        return Objects.hash(keyId, algorithm.bits, Arrays.hashCode(macKey));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ExternalAccount[" + keyId + ", " + algorithm + "]";
    }
}
