package org.wucme.acme.internal.jca;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.pki.DeviceKey;
import org.wucme.acme.pki.KeyType;

/** Keys of other providers, in whatever order they are registered. */
@Tag("embedding")
class PlatformKeysTest {

    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, BOUNCY_CASTLE);
        if (bits > 0) {
            generator.initialize(bits);
        }
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @CsvSource({
        "ECDSA, 256, EC, SHA256withECDSA, SunEC",
        "ECDSA, 521, EC, SHA512withECDSA, SunEC",
        "EC, 384, EC, SHA384withECDSA, SunEC",
        "ECDH, 256, EC, SHA256withECDSA, SunEC",
        "RSA, 2048, RSA, SHA256withRSA, SunRsaSign",
        "Ed25519, 0, EdDSA, Ed25519, SunEC",
    })
    void thoseOfBouncyCastleBecomeThePlatforms(String made, int bits, String algorithm, String signed, String provider)
            throws Exception {
        KeyPair foreign = pair(made, bits);

        KeyPair ours = PlatformKeys.of(foreign);

        assertThat(ours.getPrivate().getAlgorithm()).isEqualTo(algorithm);
        assertThat(ours.getPublic().getAlgorithm()).isEqualTo(algorithm);
        assertThat(ours.getPrivate())
                .isInstanceOfAny(ECPrivateKey.class, RSAPrivateKey.class, EdECPrivateKey.class)
                .extracting(key -> key.getClass().getModule().getName())
                .asString()
                .startsWith("j");
        assertThat(ours.getPublic().getEncoded()).isEqualTo(foreign.getPublic().getEncoded());
        Signature signature = PlatformKeys.signature(signed, ours.getPrivate());
        assertThat(signature.getProvider().getName()).isEqualTo(provider);
        signature.update(DATA);
        byte[] bytes = signature.sign();
        Signature verifier = Signature.getInstance(signed, BOUNCY_CASTLE);
        verifier.initVerify(foreign.getPublic());
        verifier.update(DATA);
        assertThat(verifier.verify(bytes)).isTrue();
    }

    @Test
    void aKeyThatCannotBeExportedStaysWhereItIs() {
        KeyPair device = DeviceKey.of(KeyType.EC_P256.generate());

        assertThat(PlatformKeys.of(device.getPrivate())).isSameAs(device.getPrivate());
    }

    @Test
    void aKindThatThePlatformDoesNotKnowStaysAsItIs() throws Exception {
        KeyPair foreign = pair("GOST3410", 0);

        KeyPair same = PlatformKeys.of(foreign);

        assertThat(same.getPrivate().getEncoded())
                .isEqualTo(foreign.getPrivate().getEncoded());
        assertThat(same.getPublic().getEncoded()).isEqualTo(foreign.getPublic().getEncoded());
    }

    @ParameterizedTest
    @CsvSource({
        "Signature, SHA256withECDSA, SunEC",
        "Signature, SHA256withRSA, SunRsaSign",
        "Signature, Ed25519, SunEC",
        "KeyFactory, EC, SunEC",
        "MessageDigest, SHA-256, SUN",
        "Mac, HmacSHA384, SunJCE",
        "CertificateFactory, X.509, SUN",
        "KeyStore, PKCS12, SUN",
        "SSLContext, TLS, SunJSSE",
        "TrustManagerFactory, PKIX, SunJSSE",
    })
    void thePlatformsProvidersComeFirst(String service, String algorithm, String provider) throws Exception {
        assertThat(Jca.provider(service, algorithm).getName()).isEqualTo(provider);
    }

    @Test
    void newKeysAndRandomNumbersAreThePlatforms() {
        assertThat(KeyType.EC_P256.generate().getPrivate().getAlgorithm()).isEqualTo("EC");
        assertThat(KeyType.ED25519.generate().getPrivate().getAlgorithm()).isEqualTo("EdDSA");
        assertThat(Jca.random().getProvider().getName()).isEqualTo("SUN");
    }
}
