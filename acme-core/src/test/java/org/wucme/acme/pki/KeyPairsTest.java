package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Objects;
import org.bouncycastle.util.io.pem.PemReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the files that openssl 3.0 wrote; acme4j ends with ClassCastException at PKCS#8. */
class KeyPairsTest {

    private static final char[] PASSWORD = "secret-of-the-test".toCharArray();

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs8, rsa",
        "rsa-pkcs1, rsa",
        "p256-pkcs8, p256",
        "p256-sec1, p256",
        "p256-sec1-with-parameters, p256",
        "p384-sec1, p384",
        "ed25519-pkcs8, ed25519"
    })
    void aKeyIsReadAndItsPublicKeyDerived(String file, String publicKey) throws Exception {
        KeyPair pair = KeyPairs.read(fixture(file));

        assertThat(pair.getPublic()).isEqualTo(publicKey(publicKey));
        assertSignsForItsPublicKey(pair);
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-legacy-aes256, rsa",
        "p256-legacy-des3, p256",
        "p256-pkcs8-pbes2-aes256, p256",
        "p256-pkcs8-pbes2-aes128-sha1, p256",
        "p256-pkcs8-pbes2-des3, p256",
        "p256-pkcs8-pbe-sha1-3des, p256",
        "p256-pkcs8-scrypt, p256"
    })
    void anEncryptedKeyIsReadWithItsPasswordOnly(String file, String publicKey) throws Exception {
        String pem = fixture(file);

        assertThat(KeyPairs.read(pem, PASSWORD).getPublic()).isEqualTo(publicKey(publicKey));
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> KeyPairs.read(pem, "wrong".toCharArray()))
                .withMessageContaining("wrong password");
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> KeyPairs.read(pem, new char[0]))
                .withMessageContaining("wrong password");
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> KeyPairs.read(pem))
                .withMessageContaining("encrypted, and no password was given");
    }

    @Test
    void aPasswordForAKeyThatIsNotEncryptedDoesNoHarm() throws Exception {
        assertThat(KeyPairs.read(fixture("p256-pkcs8"), PASSWORD).getPublic()).isEqualTo(publicKey("p256"));
    }

    @Test
    void whatStandsBeforeAndBehindTheKeyIsPassedOver() throws Exception {
        String certificate = fixture("p256-certificate");
        String key = fixture("p256-sec1-with-parameters");
        String publicKey = fixture("rsa-public");
        for (String pem : new String[] {
            certificate + certificate + key,
            key + certificate,
            publicKey + key,
            "Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n" + key + "trailing words\n",
            "\uFEFF" + key,
            "\uFEFF\r\n" + key.replace("\n", "\r\n"),
            key.replace("\n", "\r\n"),
            "\n\n" + key.stripTrailing()
        }) {
            assertThat(KeyPairs.read(pem).getPublic()).isEqualTo(publicKey("p256"));
        }
    }

    @Test
    void theFirstKeyCounts() throws Exception {
        assertThat(KeyPairs.read(fixture("p384-sec1") + fixture("rsa-pkcs8")).getPublic())
                .isEqualTo(publicKey("p384"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "hello", "p256-certificate", "p256-public"})
    void aTextWithoutAKeySaysSo(String textOrFile) throws IOException {
        String pem = textOrFile.startsWith("p256") ? fixture(textOrFile) : textOrFile;
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> KeyPairs.read(pem))
                .withMessage("there is no private key in this PEM text");
    }

    @Test
    void aBrokenKeySaysSoAndShowsNothingOfIt() throws IOException {
        String whole = fixture("rsa-pkcs8");
        String[] lines = whole.split("\n", -1);
        String[] broken = {
            whole.replace(lines[10] + "\n", ""),
            whole.replace(lines[10], lines[10].substring(0, 30) + "!!!" + lines[10].substring(33)),
            whole.substring(0, 400),
            whole.replaceAll("(?s)-----END.*", ""),
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
        };
        for (String pem : broken) {
            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> KeyPairs.read(pem, PASSWORD))
                    .withMessageContaining("private key")
                    .satisfies(e -> assertThat(allMessages(e)).doesNotContain(lines[10].substring(0, 10)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "p256-explicit-parameters, EC with explicit parameters",
        "secp256k1-pkcs8, secp256k1",
        "RSASSA-PSS, RSA-PSS",
        "Ed448, ED448",
        "X25519, X25519",
        "DSA, DSA"
    })
    void aKindThatIsNotSupportedIsNamedWithThoseThatAre(String fileOrAlgorithm, String kind) throws Exception {
        String pem = fileOrAlgorithm.contains("p256")
                ? fixture(fileOrAlgorithm)
                : Pem.encode(KeyPairGenerator.getInstance(fileOrAlgorithm)
                        .generateKeyPair()
                        .getPrivate());
        for (String form : new String[] {pem, fixture("p256-certificate") + "\uFEFF" + pem}) {
            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> KeyPairs.read(form))
                    .withMessageContaining("not supported")
                    .withMessageContaining(kind)
                    .withMessageContaining("P-256");
        }
    }

    @Test
    void aKeyInTheFormOfAnotherProgramIsNamedByItsLabel() {
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> KeyPairs.read(
                        "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"))
                .withMessageContaining("OPENSSH PRIVATE KEY, line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256-pkcs8", "p256-sec1-with-parameters", "rsa-legacy-aes256", "p256-pkcs8-scrypt"})
    void aKeyIsReadInWhateverFormItsTextIs(String file) throws Exception {
        String key = fixture(file);
        KeyPair read = KeyPairs.read(key, PASSWORD);
        for (String form : new String[] {
            " " + key,
            key.replaceAll("(?m)^", "  "),
            key.replace("\n", "\r"),
            "\u00EF\u00BB\u00BF" + key,
            key.replace("\n-----END", "-----END").replace("-----\n-----BEGIN", "----------BEGIN"),
            fixture("p256-certificate").strip() + key
        }) {
            assertThat(KeyPairs.read(form, PASSWORD).getPublic()).isEqualTo(read.getPublic());
        }
    }

    @Test
    void noOtherKeyIsTakenForOneThatCannotBeRead() throws Exception {
        String key = fixture("p256-pkcs8");
        for (String first : new String[] {
            "x " + key,
            key.replace("-----BEGIN", "----BEGIN"),
            key.replace("PRIVATE KEY", "PRIVTE KEY"),
            key.replaceAll("-----END.*", "")
        }) {
            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> KeyPairs.read(first + fixture("rsa-pkcs8")))
                    .withMessageContaining("private key cannot be read: line ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatWasMadeIsReadBack(KeyType type) throws Exception {
        KeyPair made = type.generate();
        String pem = Pem.encode(made.getPrivate());

        KeyPair read = KeyPairs.read(pem);

        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----END PRIVATE KEY-----\n");
        assertThat(read.getPublic()).isEqualTo(made.getPublic());
        assertThat(read.getPrivate()).isEqualTo(made.getPrivate());
    }

    @Test
    void p521AndEd25519AreReadBackToo() throws Exception {
        for (String algorithm : new String[] {"Ed25519", "EC"}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(521);
            }
            KeyPair made = generator.generateKeyPair();
            assertThat(KeyPairs.read(Pem.encode(made.getPrivate())).getPublic()).isEqualTo(made.getPublic());
        }
    }

    private static void assertSignsForItsPublicKey(KeyPair pair) throws Exception {
        Signature signature = Signature.getInstance(SignatureAlgorithms.forKey(pair.getPublic()));
        signature.initSign(pair.getPrivate());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(pair.getPublic());
        signature.update(new byte[] {1, 2, 3});
        assertThat(signature.verify(signed)).isTrue();
    }

    private static String allMessages(Throwable e) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            messages.append(cause).append('\n');
        }
        return messages.toString();
    }

    /** The public key as openssl wrote it. */
    private static PublicKey publicKey(String name) throws Exception {
        byte[] der;
        try (PemReader reader = new PemReader(new StringReader(fixture(name + "-public")))) {
            der = reader.readPemObject().getContent();
        }
        String algorithm = name.startsWith("p") ? "EC" : name.startsWith("rsa") ? "RSA" : "Ed25519";
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    }

    private static String fixture(String name) throws IOException {
        try (InputStream in = KeyPairsTest.class.getResourceAsStream(name + ".pem")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
