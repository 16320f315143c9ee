package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A JWS in the flattened JSON serialization, and nothing beside it (RFC 8555 section 6.2). */
record FlattenedJws(String protectedPart, ObjectNode header, String payloadPart, String payload, String signaturePart) {
    private static final Set<String> MEMBERS = Set.of("protected", "payload", "signature");
    private static final List<String> ALGORITHMS = List.of("ES256", "ES384", "RS256", "EdDSA");
    private static final HexFormat HEX = HexFormat.of();
    // What comes before the raw key in the SubjectPublicKeyInfo of an Ed25519 key (RFC 8410).
    private static final String ED25519_PREFIX = "302a300506032b6570032100";

    static FlattenedJws parse(String text) {
        ObjectNode jws = Json.parse(text, "The JWS");
        Set<String> members = StreamSupport.stream(((Iterable<String>) jws::fieldNames).spliterator(), false)
                .collect(Collectors.toSet());
        if (!members.equals(MEMBERS)) {
            throw Problem.malformed("The JWS must have exactly the members " + MEMBERS + ", it has " + members);
        }
        String protectedPart = Json.text(jws, "protected", "The JWS");
        String payloadPart = Json.text(jws, "payload", "The JWS");
        ObjectNode header = Json.parse(decode(protectedPart, "The protected header"), "The protected header");
        if (header.has("crit") || header.has("b64")) {
            throw Problem.malformed("The protected header must not have \"crit\" or \"b64\"");
        }
        return new FlattenedJws(
                protectedPart,
                header,
                payloadPart,
                decode(payloadPart, "The payload"),
                Json.text(jws, "signature", "The JWS"));
    }

    /** A member of the protected header that must be there. */
    String required(String member) {
        return Json.text(header, member, "The protected header");
    }

    /** The public key in the header, if it is one that this CA takes. */
    JWK jwk() {
        if (!header.path("jwk").isObject()) {
            throw Problem.malformed("The protected header needs an object \"jwk\"");
        }
        JWK key;
        try {
            key = JWK.parse(header.path("jwk").toString());
        } catch (ParseException e) {
            throw new Problem(400, "badPublicKey", "The jwk is not a valid key: " + e.getMessage());
        }
        if (key.isPrivate()) {
            throw new Problem(400, "badPublicKey", "The jwk holds a private key");
        }
        boolean strong =
                (key instanceof ECKey ec && Set.of(Curve.P_256, Curve.P_384).contains(ec.getCurve()))
                        || (key instanceof RSAKey rsa && rsa.size() >= 2048 && rsa.size() <= 4096)
                        || (key instanceof OctetKeyPair okp && Curve.Ed25519.equals(okp.getCurve()));
        if (!strong) {
            throw new Problem(
                    400, "badPublicKey", "Account keys are P-256, P-384, Ed25519 or RSA of 2048 to 4096 bits");
        }
        return key;
    }

    /** Refuses unless the key signed this with the one algorithm that goes with it. */
    void verify(JWK key) {
        String alg = required("alg");
        if (!ALGORITHMS.contains(alg)) {
            throw new Problem(400, "badSignatureAlgorithm", "The algorithm " + alg + " is not supported")
                    .and(problem -> ALGORITHMS.forEach(problem.withArray("algorithms")::add));
        }
        if (!alg.equals(algorithmOf(key))) {
            throw Problem.malformed("The algorithm " + alg + " does not go with the key");
        }
        if (key instanceof OctetKeyPair ed25519) {
            requireGood(isSigned(ed25519));
            return;
        }
        try {
            verify(verifier(key));
        } catch (JOSEException e) {
            throw new Problem(400, "badPublicKey", "The key is not usable: " + e.getMessage());
        }
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        BaseJWSProvider verifier = key instanceof ECKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier(key.toRSAKey());
        verifier.getJCAContext().setProvider(key instanceof ECKey ? Jdk.CURVES : Security.getProvider(Jdk.RSA));
        return (JWSVerifier) verifier;
    }

    void verifyMac(byte[] key) {
        String alg = required("alg");
        if (!Set.of("HS256", "HS384", "HS512").contains(alg)) {
            throw new Problem(400, "badSignatureAlgorithm", "An external account binding is signed with HS256/384/512");
        }
        String jcaName = alg.replace("HS", "HmacSHA");
        try {
            Mac mac = Mac.getInstance(jcaName, Jdk.MACS);
            mac.init(new SecretKeySpec(key, jcaName));
            if (!MessageDigest.isEqual(mac.doFinal(signed()), signature())) {
                throw Problem.unauthorized("The external account binding was made with another key");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refuses unless the protected header has these members and no others. */
    void requireHeader(String... members) {
        Set<String> present = StreamSupport.stream(((Iterable<String>) header::fieldNames).spliterator(), false)
                .collect(Collectors.toSet());
        if (!present.equals(Set.of(members))) {
            throw Problem.malformed("The inner JWS must have " + List.of(members) + " in its header, not " + present);
        }
    }

    // Nimbus cannot, without another library.
    private boolean isSigned(OctetKeyPair key) {
        byte[] encoded = HEX.parseHex(ED25519_PREFIX + HEX.formatHex(key.getX().decode()));
        try {
            Signature signature = Signature.getInstance("Ed25519", Jdk.KEYS);
            signature.initVerify(
                    KeyFactory.getInstance("Ed25519", Jdk.KEYS).generatePublic(new X509EncodedKeySpec(encoded)));
            signature.update(signed());
            return signature.verify(signature());
        } catch (InvalidKeySpecException e) {
            throw new Problem(400, "badPublicKey", "The key is not usable: " + e.getMessage());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signed() {
        return (protectedPart + "." + payloadPart).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] signature() {
        return Base64Url.decode(signaturePart, "The signature");
    }

    private static void requireGood(boolean good) {
        if (!good) {
            throw Problem.malformed("The signature of the JWS is wrong");
        }
    }

    private void verify(JWSVerifier verifier) throws JOSEException {
        byte[] signed = signed();
        Base64Url.decode(signaturePart, "The signature");
        boolean good;
        try {
            good = verifier.verify(JWSHeader.parse(new Base64URL(protectedPart)), signed, new Base64URL(signaturePart));
        } catch (ParseException e) {
            throw Problem.malformed("The protected header is not a JWS header: " + e.getMessage());
        }
        requireGood(good);
    }

    private static String algorithmOf(JWK key) {
        if (key instanceof ECKey ec) {
            return Curve.P_256.equals(ec.getCurve()) ? "ES256" : "ES384";
        }
        return key instanceof OctetKeyPair ? "EdDSA" : "RS256";
    }

    private static String decode(String part, String what) {
        return new String(Base64Url.decode(part, what), StandardCharsets.UTF_8);
    }
}
