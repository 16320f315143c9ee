package org.wucme.acme.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.jcajce.provider.asymmetric.ec.BCECPublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.AcmeException;
import org.wucme.acme.pki.DeviceKey;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Signer;

/** Checklist items 3, 4, 7 and 34: flattened JWS, verified by Nimbus's own verifiers. */
class JwsKeyTest {

    private static final String URL = "https://CA.example:443/acme/../new-order?x=%7e";
    private static final String KID = "https://ca.example/acct/1";
    private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({"EC_P256, ES256, 64", "EC_P384, ES384, 96", "RSA_2048, RS256, 256"})
    void theAlgorithmFollowsFromTheKeyAndTheSignatureVerifies(KeyType type, String algorithm, int length)
            throws Exception {
        assertSigns(type.generate(), algorithm, length);
    }

    @Test
    void p521SignsEs512() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(521);
        assertSigns(generator.generateKeyPair(), "ES512", 132);
    }

    @Test
    void ed25519SignsEdDsa() throws Exception {
        KeyPair pair = KeyType.ED25519.generate();
        Map<String, Object> jws = jws(JwsKey.of(pair).sign(URL, "nonce-1", null, PAYLOAD));

        assertThat(header(jws)).containsEntry("alg", "EdDSA");
        byte[] x = Arrays.copyOfRange(pair.getPublic().getEncoded(), 12, 44);
        assertThat(JSONObjectUtils.getJSONObject(header(jws), "jwk"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("kty", "OKP", "crv", "Ed25519", "x", base64url(x)));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(pair.getPublic());
        signature.update(input(jws));
        assertThat(signature.verify(Base64.getUrlDecoder().decode((String) jws.get("signature"))))
                .isTrue();
    }

    /** The key of RFC 8037 appendix A.3 and its thumbprint. */
    @Test
    void theThumbprintOfAnEd25519KeyIsThatOfRfc8037() throws Exception {
        byte[] x = Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(concat(prefix, x)));

        assertThat(JwsKey.of(new FixedSigner(key)).thumbprint())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /** The example key of RFC 9964 and its thumbprint. */
    @Test
    void mlDsaIsWrittenAsRfc9964Has() throws Exception {
        byte[] raw = Base64.getUrlDecoder().decode(resource("ml-dsa-44-public.txt"));
        byte[] prefix = HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");
        FixedSigner signer = new FixedSigner(new OpaqueKey("ML-DSA", concat(prefix, raw)));
        JwsKey key = JwsKey.of(signer);

        Map<String, Object> jws = jws(key.sign(URL, "n", null, PAYLOAD));

        assertThat(key.thumbprint()).isEqualTo("T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o");
        assertThat(header(jws)).containsEntry("alg", "ML-DSA-44");
        assertThat(JSONObjectUtils.getJSONObject(header(jws), "jwk"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("kty", "AKP", "alg", "ML-DSA-44", "pub", base64url(raw)));
        assertThat(signer.algorithm).isEqualTo("ML-DSA-44");
        assertThat(jws).containsEntry("signature", base64url(input(jws)));
    }

    @ParameterizedTest
    @CsvSource({"ML-DSA-65, 1974", "ML-DSA-87, 2614"})
    void mlDsaIsToldApartByTheLengthOfTheKey(String algorithm, int length) throws Exception {
        JwsKey key = JwsKey.of(new FixedSigner(new OpaqueKey("ML-DSA", new byte[length])));

        assertThat(header(jws(key.sign(URL, "n", KID, PAYLOAD)))).containsEntry("alg", algorithm);
    }

    @Test
    void aSignerThatFailsIsToldOfWithItsReason() {
        Signer broken = new FixedSigner(KeyType.EC_P256.generate().getPublic()) {
            @Override
            public byte[] sign(String algorithm, byte[] data) throws IOException {
                throw new IOException("the token was removed");
            }
        };

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> JwsKey.of(broken).sign(URL, "n", KID, PAYLOAD))
                .withMessage("a request cannot be signed (ES256): the token was removed")
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void aSignatureThatIsNoneIsToldOf() {
        Signer odd = new FixedSigner(KeyType.EC_P256.generate().getPublic());

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> JwsKey.of(odd).sign(URL, "n", KID, PAYLOAD))
                .withMessageContaining("not one of an elliptic curve in DER");
    }

    @Test
    void anInterruptedSignerStaysInterrupted() {
        Signer slow = new FixedSigner(KeyType.EC_P256.generate().getPublic()) {
            @Override
            public byte[] sign(String algorithm, byte[] data) throws IOException {
                throw new InterruptedIOException("interrupted");
            }
        };

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> JwsKey.of(slow).sign(URL, "n", KID, PAYLOAD));
    }

    /** Gives back what it is to sign. */
    private static class FixedSigner implements Signer {
        private final PublicKey key;
        private String algorithm = "";

        FixedSigner(PublicKey key) {
            this.key = key;
        }

        @Override
        public PublicKey publicKey() {
            return key;
        }

        @Override
        public byte[] sign(String jcaAlgorithm, byte[] data) throws IOException {
            algorithm = jcaAlgorithm;
            return data;
        }
    }

    /** A key of a kind that this Java need not know. */
    private static final class OpaqueKey implements PublicKey {
        private static final long serialVersionUID = 1;
        private final String algorithm;
        private final byte[] encoded;

        OpaqueKey(String algorithm, byte[] encoded) {
            this.algorithm = algorithm;
            this.encoded = encoded;
        }

        @Override
        public String getAlgorithm() {
            return algorithm;
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoded;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(JwsKeyTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static String base64url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] input(Map<String, Object> jws) {
        return (jws.get("protected") + "." + jws.get("payload")).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"EC_P256, ES256, 64", "RSA_2048, RS256, 256"})
    void aKeyInADeviceSigns(KeyType type, String algorithm, int length) throws Exception {
        Provider device = DeviceKey.provider();
        Security.addProvider(device);
        try {
            assertSigns(DeviceKey.of(type.generate()), algorithm, length);
        } finally {
            Security.removeProvider(device.getName());
        }
    }

    private static void assertSigns(KeyPair pair, String algorithm, int length) throws Exception {
        Map<String, Object> jws = jws(JwsKey.of(pair).sign(URL, "nonce-1", KID, PAYLOAD));
        assertThat(jws).containsOnlyKeys("protected", "payload", "signature").containsEntry("payload", "e30");
        assertThat(header(jws)).containsEntry("alg", algorithm);
        assertThat(Base64.getUrlDecoder().decode((String) jws.get("signature"))).hasSize(length);
        assertThat(verifies(jws, pair.getPublic())).isTrue();
        jws.put("payload", "e31");
        assertThat(verifies(jws, pair.getPublic())).isFalse();
    }

    @Test
    void withAnAccountTheHeaderHasKidAndNoJwk() throws Exception {
        Map<String, Object> header = header(jws(key().sign(URL, "nonce-1", KID, PAYLOAD)));
        assertThat(header)
                .containsOnlyKeys("alg", "kid", "nonce", "url")
                .containsEntry("kid", KID)
                .containsEntry("nonce", "nonce-1")
                .containsEntry("url", URL);
    }

    @Test
    void withoutAnAccountTheHeaderHasThePublicKeyAndNothingPrivate() throws Exception {
        for (KeyType type : new KeyType[] {KeyType.EC_P256, KeyType.RSA_2048}) {
            Map<String, Object> header = header(jws(JwsKey.of(type.generate()).sign(URL, "n", null, PAYLOAD)));
            assertThat(header).containsOnlyKeys("alg", "jwk", "nonce", "url");
            Map<String, Object> jwk = JSONObjectUtils.getJSONObject(header, "jwk");
            if (type == KeyType.EC_P256) {
                assertThat(jwk).containsOnlyKeys("kty", "crv", "x", "y");
            } else {
                assertThat(jwk).containsOnlyKeys("kty", "n", "e").containsEntry("e", "AQAB");
            }
        }
    }

    @Test
    void postAsGetHasTheEmptyStringAsPayload() throws Exception {
        KeyPair pair = KeyType.EC_P256.generate();
        Map<String, Object> jws = jws(JwsKey.of(pair).sign(URL, "n", KID, new byte[0]));
        assertThat(jws).containsEntry("payload", "");
        assertThat(verifies(jws, pair.getPublic())).isTrue();
    }

    @Test
    void nothingIsPaddedAndNothingNeedsAnEscape() throws Exception {
        String text = new String(key().sign(URL, "n", KID, new byte[] {1, 2, 3, 4}), StandardCharsets.US_ASCII);
        assertThat(text).matches("[\\x20-\\x7e]+").doesNotContain("=");
    }

    @Test
    void theThumbprintIsThatOfRfc7638() throws Exception {
        BigInteger modulus = new BigInteger(
                1,
                Base64.getUrlDecoder()
                        .decode(
                                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
                                        + "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
                                        + "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPks"
                                        + "INHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"));
        PublicKey key =
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537)));
        KeyPair pair = new KeyPair(key, KeyType.RSA_2048.generate().getPrivate());
        assertThat(JwsKey.of(pair).thumbprint()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    void shortCoordinatesArePaddedOnTheLeft() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        int shortOnes = 0;
        for (int i = 0; i < 1000 || shortOnes == 0; i++) {
            ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
            BigInteger x = key.getW().getAffineX();
            BigInteger y = key.getW().getAffineY();
            if (x.bitLength() > 248 && y.bitLength() > 248) {
                continue;
            }
            shortOnes++;
            KeyPair pair = new KeyPair(key, KeyType.EC_P256.generate().getPrivate());
            JwsKey jwsKey = JwsKey.of(pair);
            Map<String, Object> jwk =
                    JSONObjectUtils.getJSONObject(header(jws(jwsKey.sign(URL, "n", null, PAYLOAD))), "jwk");
            String canonical =
                    "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + padded(x) + "\",\"y\":\"" + padded(y) + "\"}";
            assertThat(jwk).containsEntry("x", padded(x)).containsEntry("y", padded(y));
            assertThat(jwsKey.thumbprint()).isEqualTo(sha256(canonical));
        }
    }

    private static String padded(BigInteger coordinate) {
        String hex = coordinate.toString(16);
        byte[] octets = HexFormat.of().parseHex("0".repeat(64 - hex.length()) + hex);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static String sha256(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    @Test
    void aShortRsaKeyIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair pair = generator.generateKeyPair();
        assertThatIllegalArgumentException().isThrownBy(() -> JwsKey.of(pair)).withMessageContaining("2048");
    }

    @Test
    void aKeyThatCasDoNotTakeIsRefused() throws Exception {
        for (String algorithm : new String[] {"Ed448", "DSA", "X25519"}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("DSA")) {
                generator.initialize(1024);
            }
            KeyPair pair = generator.generateKeyPair();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JwsKey.of(pair))
                    .withMessageContaining("cannot sign requests: RSA, EC, Ed25519 and ML-DSA keys can");
        }
    }

    @Test
    void theKeyIsNeverPrinted() {
        KeyPair pair = KeyType.EC_P256.generate();
        assertThat(JwsKey.of(pair).toString()).isEqualTo("JwsKey[ES256]");
    }

    private static JwsKey key() {
        return JwsKey.of(KeyType.EC_P256.generate());
    }

    private static Map<String, Object> jws(byte[] json) throws Exception {
        return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
    }

    private static Map<String, Object> header(Map<String, Object> jws) throws Exception {
        return JSONObjectUtils.parse(new Base64URL((String) jws.get("protected")).decodeToString());
    }

    private static boolean verifies(Map<String, Object> jws, PublicKey key) throws Exception {
        JWSVerifier verifier =
                key instanceof RSAPublicKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECPublicKey) key);
        return verifier.verify(
                JWSHeader.parse(new Base64URL((String) jws.get("protected"))), input(jws), new Base64URL((String)
                        jws.get("signature")));
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "RSA_2048", "ED25519"})
    void knowsItsPublicHalf(KeyType type) {
        KeyPair pair = type.generate();

        assertThat(JwsKey.of(pair).isOf(pair.getPublic())).isTrue();
        for (KeyType other : List.of(KeyType.EC_P256, KeyType.EC_P384, KeyType.RSA_2048, KeyType.ED25519)) {
            assertThat(JwsKey.of(pair).isOf(other.generate().getPublic())).isFalse();
        }
    }

    @Test
    void knowsItsPublicHalfInTheFormOfAnotherProvider() throws Exception {
        KeyPair pair = KeyType.EC_P256.generate();
        BCECPublicKey compressed = (BCECPublicKey) KeyFactory.getInstance("EC", new BouncyCastleProvider())
                .generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));
        compressed.setPointFormat("COMPRESSED");
        assertThat(compressed.getEncoded()).isNotEqualTo(pair.getPublic().getEncoded());

        assertThat(JwsKey.of(pair).isOf(compressed)).isTrue();
    }
}
