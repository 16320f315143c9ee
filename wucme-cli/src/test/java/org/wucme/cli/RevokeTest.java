package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.TestCa;

class RevokeTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user;
    private X509Certificate certificate;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
        user.wucme("issue", "a.example");
        certificate = user.certificate(FILE);
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void byNameInTheStore() {
        User.Run run = user.wucme("revoke", FILE);

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(FILE + ": revoked\n", "kept as " + user.file(FILE) + "_REVOKED_");
        assertThat(ca.isRevoked(certificate)).isTrue();
    }

    @Test
    void whatIsRevokedIsKeptUnderANameThatSaysSo() {
        user.wucme("revoke", user.file(FILE).toString());

        List<String> kept = user.files().stream()
                .filter(name -> name.matches("WUCME_C_.*\\.PEM_REVOKED_\\d{16}"))
                .toList();
        assertThat(kept).hasSize(1);
        assertThat(user.certificate(kept.get(0))).isEqualTo(certificate);
        assertThat(user.files()).doesNotContain(FILE, "WUCME_K_A_EXAMPLE.PEM", "WUCME_R_A_EXAMPLE.JSON");
    }

    @Test
    void aRevokedCertificateIsNeitherListedNorRenewed() {
        user.wucme("revoke", FILE);

        assertThat(user.wucme("certificates").exit()).isEqualTo(1);
        assertThat(user.wucme("manage").exit()).isEqualTo(1);
        assertThat(user.wucme("issue", "a.example").exit()).isZero();
    }

    @Test
    void theSecondTimeItSaysThatItWasRevokedAlready() {
        user.wucme("revoke", FILE);

        User.Run again = user.wucme("revoke", FILE);

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).contains(": was revoked already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unspecified", "key-compromise", "KEY_COMPROMISE", "4", "cessation-of-operation"})
    void reasonsAreNamesOrNumbers(String reason) {
        assertThat(user.wucme("revoke", FILE, "--reason", reason).exit()).isZero();
        assertThat(ca.isRevoked(certificate)).isTrue();
    }

    @Test
    void anUnknownReasonListsThoseThereAre() {
        User.Run run = user.wucme("revoke", FILE, "--reason", "boredom");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("\"boredom\" is not a reason", "superseded (4)")
                .hasLineCount(1);
        assertThat(ca.isRevoked(certificate)).isFalse();
    }

    @Test
    void aCopyElsewhereIsRevokedAndItsOriginalKeptUnderANameThatSaysSo(@TempDir Path elsewhere) throws Exception {
        Path copy = Files.copy(user.file(FILE), elsewhere.resolve("copy.pem"));

        assertThat(user.wucme("revoke", copy.toString()).exit()).isZero();

        assertThat(copy).exists();
        assertThat(user.files()).doesNotContain(FILE);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        User.Run run = user.wucme("revoke", "frob.pem");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("wucme: frob.pem: there is no such file, neither here nor in " + user.here() + "\n");
    }

    @Test
    void aFileWithoutACertificateIsNamed(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("text.pem"), "nothing");
        Path der = Files.write(folder.resolve("binary.der"), certificate.getEncoded());
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        for (Path file : List.of(text, der, broken, folder)) {
            User.Run run = user.wucme("revoke", file.toString());
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).startsWith("wucme: " + file).hasLineCount(1);
        }
    }

    @Test
    void aFileThatBeginsOtherwiseThanAReaderExpectsNeverRevokesItsSecondCertificate(@TempDir Path folder)
            throws Exception {
        user.wucme("issue", "b.example");
        String a = Pem.encode(List.of(certificate));
        String b = Pem.encode(List.of(user.certificate("WUCME_C_B_EXAMPLE.PEM")));
        for (String text : List.of(
                "\uFEFF" + a + b,
                " " + a + b,
                "x " + a + b,
                a.replace("-----BEGIN", "----BEGIN") + b,
                a.replaceFirst("-----BEGIN CERTIFICATE-----\n", "") + b,
                a.replace("-----END CERTIFICATE-----\n", "") + b,
                a.toLowerCase(Locale.ROOT) + b,
                a.strip() + b)) {
            Path file = Files.writeString(folder.resolve("two.pem"), text);

            User.Run run = user.wucme("revoke", file.toString());

            assertThat(run.exit()).as(text).isEqualTo(2);
            assertThat(run.err()).startsWith("wucme: " + file).hasLineCount(1);
            assertThat(ca.certificates()).noneMatch(ca::isRevoked);
        }
    }

    @Test
    void ofSeveralCertificatesThatMayBeMeantEachIsNamed(@TempDir Path folder) throws Exception {
        user.wucme("issue", "b.example");
        X509Certificate other = user.certificate("WUCME_C_B_EXAMPLE.PEM");
        Path file = Files.writeString(folder.resolve("two.pem"), Pem.encode(List.of(certificate, other)));

        assertThat(user.wucme("revoke", file.toString()).err())
                .contains(
                        "CN=a.example", "CN=b.example", other.getSerialNumber().toString(16));
    }

    @Test
    void theCertificateIsFoundInAChainInAnyOrderAndForm(@TempDir Path folder) throws Exception {
        List<X509Certificate> chain = Pem.certificates(Files.readString(user.file(FILE)));
        String pem = Pem.encode(List.of(chain.get(1), chain.get(0), chain.get(1)));
        Path file = Files.writeString(
                folder.resolve("mixed.pem"), "\uFEFF" + pem.replace("-----\n-----BEGIN", "----------BEGIN"));

        assertThat(user.wucme("revoke", file.toString()).exit()).isZero();
        assertThat(ca.isRevoked(certificate)).isTrue();
    }

    @Test
    void aKeyOfAnotherCertificateIsNotGuessedAway(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mismatch.pem"),
                Pem.encode(List.of(certificate))
                        + Pem.encode(
                                new HeldCertificate.Builder().build().keyPair().getPrivate()));

        User.Run run = user.wucme("revoke", file.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("does not belong").hasLineCount(1);
    }

    @Test
    void aForeignCertificateIsRefusedInTheCasWords(@TempDir Path folder) throws Exception {
        HeldCertificate foreign = new HeldCertificate.Builder().build();
        Path file = Files.writeString(folder.resolve("foreign.pem"), foreign.certificatePem());

        User.Run run = user.wucme("revoke", file.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("wucme: ").contains("the CA says: ").hasLineCount(1);
    }

    @Test
    void aKeyThatIsOfNoUseIsNamedWithItsKind(@TempDir Path folder) throws Exception {
        String stored = Files.readString(user.file(FILE));
        KeyPair key = KeyPairGenerator.getInstance("RSASSA-PSS").generateKeyPair();
        Path copy = Files.writeString(
                folder.resolve("copy.pem"), Pem.encode(Pem.certificates(stored)) + Pem.encode(key.getPrivate()));

        User.Run run = user.wucme("revoke", copy.toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out() + run.err()).contains(copy.toString(), "RSA-PSS", "the account is to revoke it");
    }

    @Test
    void withoutTheAccountThatOrderedItItsOwnKeyRevokes(@TempDir Path folder) throws Exception {
        User stranger = User.of(ca, folder).registered();
        Path file = Files.copy(user.file(FILE), folder.resolve("copy.pem"));
        Path withoutKey = Files.writeString(folder.resolve("bare.pem"), Pem.encode(List.of(certificate)));

        assertThat(stranger.wucme("revoke", withoutKey.toString()).exit()).isEqualTo(2);
        assertThat(stranger.wucme("revoke", file.toString()).exit()).isZero();
        assertThat(ca.isRevoked(certificate)).isTrue();
    }

    @Test
    void itGoesToTheCaThatItCameFromWhicheverTheDefaultIs(@TempDir Path folder) {
        try (TestCa first = TestCa.start()) {
            User registeredElsewhere = User.of(first, folder).registered();
            User both = user.with("WUCME_HERE", registeredElsewhere.here().toString())
                    .registered();
            both.wucme("issue", "b.example");

            User.Run run = both.without("WUCME_CA").wucme("revoke", "WUCME_C_B_EXAMPLE.PEM");

            assertThat(run.exit()).as(run.toString()).isZero();
            assertThat(ca.isRevoked(ca.certificates().get(1))).isTrue();
        }
    }
}
