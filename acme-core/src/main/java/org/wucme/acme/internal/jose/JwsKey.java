package org.wucme.acme.internal.jose;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeException;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.octets.Sha256;
import org.wucme.acme.pki.Signer;

/** A key that signs requests as RFC 8555 section 6.2 wants it. Immutable and thread-safe; never printed. */
public final class JwsKey {

    private static final int MIN_RSA_BITS = 2048;

    private final Signer signer;
    private final JwsAlgorithm algorithm;
    private final Map<String, Object> jwk;
    private final String thumbprint;

    private JwsKey(Signer signer, PublicKey publicKey, JwsAlgorithm algorithm) {
        this.signer = signer;
        this.algorithm = algorithm;
        // In the order of their names, which is what a thumbprint is made of.
        this.jwk = new TreeMap<>(algorithm.keyForm().jwk(publicKey).orElseThrow());
        this.thumbprint = Sha256.of(encodedJwk()).base64url();
    }

    /**
     * A signer as a signing key: the algorithm follows from the key.
     *
     * @throws IllegalArgumentException if no CA takes such keys
     */
    public static JwsKey of(Signer signer) {
        PublicKey key = PlatformKeys.of(signer.publicKey());
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new IllegalArgumentException("an RSA key needs at least " + MIN_RSA_BITS + " bits");
        }
        return new JwsKey(signer, key, JwsAlgorithm.of(key).orElseThrow(() -> unsuitable(key)));
    }

    /** A key pair as a signing key, as {@link #of(Signer)}. */
    public static JwsKey of(KeyPair pair) {
        return of(Signer.of(pair));
    }

    private static IllegalArgumentException unsuitable(PublicKey key) {
        return new IllegalArgumentException(
                key instanceof ECPublicKey
                        ? "of the elliptic curves, P-256, P-384 and P-521 can sign requests"
                        : "keys of type " + key.getAlgorithm()
                                + " cannot sign requests: RSA, EC, Ed25519 and ML-DSA keys can");
    }

    /** Whether this is the same key as another, wherever each of them lives. */
    public boolean isSameAs(JwsKey other) {
        return thumbprint.equals(other.thumbprint);
    }

    /** Whether a public key is the public half of this one, whatever provider each is from. */
    public boolean isOf(PublicKey other) {
        return algorithm.keyForm().jwk(PlatformKeys.of(other)).map(jwk::equals).orElse(false);
    }

    /** The thumbprint of the public key in base64url (RFC 7638). */
    public String thumbprint() {
        return thumbprint;
    }

    /** The public key as a JWK. */
    public Map<String, Object> jwk() {
        return new LinkedHashMap<>(jwk);
    }

    byte[] encodedJwk() {
        return Json.encode(jwk);
    }

    /**
     * A signed request in flattened JSON.
     *
     * @param kid URL of the account; null to send the public key itself ({@code jwk}) instead
     * @param payload what is signed; empty for POST-as-GET
     * @throws IOException if the key cannot sign
     */
    public byte[] sign(String url, String nonce, @Nullable String kid, byte[] payload) throws IOException {
        Map<String, Object> header = header(url, kid);
        header.put("nonce", nonce);
        return Json.encode(FlattenedJws.sign(header, payload, this::signature));
    }

    /**
     * A JWS for within another one, with the public key and without a nonce (RFC 8555 section 7.3.5).
     *
     * @throws IOException if the key cannot sign
     */
    public Map<String, Object> signInner(String url, byte[] payload) throws IOException {
        return FlattenedJws.sign(header(url, null), payload, this::signature);
    }

    private Map<String, Object> header(String url, @Nullable String kid) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm.name());
        if (kid == null) {
            header.put("jwk", jwk);
        } else {
            header.put("kid", kid);
        }
        header.put("url", url);
        return header;
    }

    private byte[] signature(byte[] input) throws IOException {
        try {
            return algorithm.signatureForm().jws(signer.sign(algorithm.jcaName(), input));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new AcmeException("a request cannot be signed (" + algorithm.name() + "): " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "JwsKey[" + algorithm.name() + "]";
    }
}
