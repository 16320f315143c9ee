package org.wucme.acme.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObjectJSON;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs requests as RFC 8555 section 6.2 wants it. Immutable and thread-safe; never printed.
 *
 * <p>Signs through JCA, so that a private key may live in a device.
 */
public final class JwsKey {

    private static final int MIN_RSA_BITS = 2048;
    private static final Map<Curve, Integer> DIGESTS = Map.of(Curve.P_256, 256, Curve.P_384, 384, Curve.P_521, 512);

    private final PublicKey publicKey;
    private final JWK jwk;
    private final JWSAlgorithm algorithm;
    private final Signer signer;
    private final String thumbprint;

    private JwsKey(KeyPair pair, JWK jwk, JWSAlgorithm algorithm, String jcaAlgorithm) {
        this.publicKey = pair.getPublic();
        this.jwk = jwk;
        this.algorithm = algorithm;
        this.signer = new Signer(pair.getPrivate(), algorithm, jcaAlgorithm);
        this.thumbprint = thumbprintOf(jwk);
    }

    /**
     * A key pair as a signing key: ES256, ES384, ES512 or RS256, as the key decides.
     *
     * @throws IllegalArgumentException if CAs do not take such keys
     */
    public static JwsKey of(KeyPair pair) {
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key needs at least " + MIN_RSA_BITS + " bits");
            }
            return new JwsKey(pair, new RSAKey.Builder(rsa).build(), JWSAlgorithm.RS256, "SHA256withRSA");
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return ofCurve(pair, ec, Curve.forECParameterSpec(ec.getParams()));
        }
        throw new IllegalArgumentException(
                "keys of type " + pair.getPublic().getAlgorithm() + " cannot sign requests: RSA and EC keys can");
    }

    private static JwsKey ofCurve(KeyPair pair, ECPublicKey key, @Nullable Curve curve) {
        Integer digest = curve == null ? null : DIGESTS.get(curve);
        if (curve == null || digest == null) {
            throw new IllegalArgumentException("of the elliptic curves, P-256, P-384 and P-521 can sign requests");
        }
        return new JwsKey(
                pair,
                new ECKey.Builder(curve, key).build(),
                JWSAlgorithm.parse("ES" + digest),
                "SHA" + digest + "withECDSAinP1363Format");
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The thumbprint of the public key in base64url (RFC 7638). */
    public String thumbprint() {
        return thumbprint;
    }

    /**
     * A signed request in flattened JSON.
     *
     * @param kid URL of the account; null to send the public key itself ({@code jwk}) instead
     * @param payload what is signed; empty for POST-as-GET
     */
    public byte[] sign(String url, String nonce, @Nullable String kid, byte[] payload) {
        JWSHeader.Builder header =
                new JWSHeader.Builder(algorithm).customParam("nonce", nonce).customParam("url", url);
        JWSHeader complete =
                kid == null ? header.jwk(jwk).build() : header.keyID(kid).build();
        JWSObjectJSON jws = new JWSObjectJSON(new Payload(payload));
        try {
            jws.sign(complete, signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("this key cannot sign: " + e.getMessage(), e);
        }
        return jws.serializeFlattened().getBytes(StandardCharsets.US_ASCII);
    }

    private static String thumbprintOf(JWK jwk) {
        try {
            return jwk.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "JwsKey[" + algorithm + "]";
    }

    // Nimbus's own signers want to see the private key; JCA's do not.
    private record Signer(PrivateKey key, JWSAlgorithm algorithm, String jcaAlgorithm) implements JWSSigner {

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature signature = Signature.getInstance(jcaAlgorithm);
                signature.initSign(key);
                signature.update(input);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new JOSEException(e.getMessage(), e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(algorithm);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }

        @Override
        public String toString() {
            return "Signer[" + algorithm + "]";
        }
    }
}
