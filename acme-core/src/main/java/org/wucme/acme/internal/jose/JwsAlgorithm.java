package org.wucme.acme.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A signature algorithm of JWS, for the one kind of key that goes with it. All that depends on the kind of key is in this
 * table: whoever adds an algorithm adds an entry.
 *
 * @param name as the JWS header has it ({@code alg})
 * @param jcaName as a {@link org.wucme.acme.pki.Signer} is asked for it
 * @param keyForm the public key as a JWK, with no more than its required members (RFC 7638 section 3.2); empty if the key is of
 *     another kind
 * @param signatureForm turns what JCA gives into what JWS wants
 */
record JwsAlgorithm(String name, String jcaName, KeyForm keyForm, SignatureForm signatureForm) {

    private static final SignatureForm AS_IS = signature -> signature;
    // What comes before the raw key in a SubjectPublicKeyInfo of each kind.
    private static final int ED25519_PREFIX = 12;
    private static final int ML_DSA_PREFIX = 22;

    private static final List<JwsAlgorithm> ALL = List.of(
            new JwsAlgorithm("RS256", "SHA256withRSA", JwsAlgorithm::rsa, AS_IS),
            ecdsa("ES256", "SHA256withECDSA", Curve.P_256, 64),
            ecdsa("ES384", "SHA384withECDSA", Curve.P_384, 96),
            ecdsa("ES512", "SHA512withECDSA", Curve.P_521, 132),
            new JwsAlgorithm("EdDSA", "Ed25519", JwsAlgorithm::ed25519, AS_IS),
            mlDsa("ML-DSA-44", 1312),
            mlDsa("ML-DSA-65", 1952),
            mlDsa("ML-DSA-87", 2592));

    /** How a public key is written. */
    interface KeyForm {
        Optional<Map<String, Object>> jwk(PublicKey key);
    }

    /** How a signature is written. */
    interface SignatureForm {
        byte[] jws(byte[] jca) throws IOException;
    }

    /** The algorithm that goes with a key; empty if none does. */
    static Optional<JwsAlgorithm> of(PublicKey key) {
        return ALL.stream()
                .filter(algorithm -> algorithm.keyForm.jwk(key).isPresent())
                .findFirst();
    }

    private static Optional<Map<String, Object>> rsa(PublicKey key) {
        return key instanceof RSAPublicKey rsa
                ? Optional.of(new RSAKey.Builder(rsa).build().toJSONObject())
                : Optional.empty();
    }

    private static JwsAlgorithm ecdsa(String name, String jcaName, Curve curve, int length) {
        return new JwsAlgorithm(
                name,
                jcaName,
                key -> key instanceof ECPublicKey ec && curve.equals(Curve.forECParameterSpec(ec.getParams()))
                        ? Optional.of(new ECKey.Builder(curve, ec).build().toJSONObject())
                        : Optional.empty(),
                signature -> concatenated(signature, length));
    }

    private static byte[] concatenated(byte[] der, int length) throws IOException {
        try {
            return ECDSA.transcodeSignatureToConcat(der, length);
        } catch (JOSEException e) {
            throw new IOException("the signature is not one of an elliptic curve in DER", e);
        }
    }

    private static Optional<Map<String, Object>> ed25519(PublicKey key) {
        return key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")
                ? Optional.of(new OctetKeyPair.Builder(Curve.Ed25519, raw(key, ED25519_PREFIX))
                        .build()
                        .toJSONObject())
                : Optional.empty();
    }

    // RFC 9964. Java has no type for these keys before version 24; their length tells them apart.
    private static JwsAlgorithm mlDsa(String name, int length) {
        return new JwsAlgorithm(
                name,
                name,
                key -> key.getAlgorithm().startsWith("ML-DSA") && key.getEncoded().length == ML_DSA_PREFIX + length
                        ? Optional.of(Map.of(
                                "kty",
                                "AKP",
                                "alg",
                                name,
                                "pub",
                                raw(key, ML_DSA_PREFIX).toString()))
                        : Optional.empty(),
                AS_IS);
    }

    private static Base64URL raw(PublicKey key, int prefix) {
        byte[] encoded = key.getEncoded();
        return Base64URL.encode(Arrays.copyOfRange(encoded, prefix, encoded.length));
    }
}
