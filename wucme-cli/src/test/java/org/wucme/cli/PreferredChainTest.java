package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.TestCa;

/** Which of the chains that a CA offers is stored. */
class PreferredChainTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";
    private static final String USUAL = "TestCa Root 1";
    private static final String OTHER = "TestCa Root 2";

    private final TestCa ca = TestCa.builder().alternateChains(2).start().alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private String issuerOfTopmost() throws IOException {
        List<X509Certificate> chain = Pem.certificates(Files.readString(user.file(FILE)));
        return chain.get(chain.size() - 1).getIssuerX500Principal().getName();
    }

    private User.Run issue(String... options) {
        User.Run run = user.wucme(Stream.concat(Stream.of("issue", "a.example"), Stream.of(options))
                .toArray(String[]::new));
        assertThat(run.exit()).as(run.toString()).isZero();
        return run;
    }

    @Test
    void isTheCasChoiceByDefault() throws IOException {
        issue();

        assertThat(issuerOfTopmost()).contains(USUAL);
    }

    @Test
    void isThatOfTheIssuerAskedForAndOfRenewalsToo() throws IOException {
        ca.certificateLifetime(Duration.ofHours(1)).certificateAge(Duration.ofMinutes(50));
        issue("--preferred-chain", "testca root 2");
        assertThat(issuerOfTopmost()).contains(OTHER);
        String before = Files.readString(user.file(FILE));

        assertThat(user.aged().wucme("manage").exit()).isZero();

        assertThat(Files.readString(user.file(FILE))).isNotEqualTo(before);
        assertThat(issuerOfTopmost()).contains(OTHER);
    }

    @Test
    void isThatBelowTheRootWithTheFingerprintAskedFor() throws Exception {
        X509Certificate root = ca.alternateRoots().get(1);
        Files.writeString(Path.of(user.environment().get("WUCME_CA_BUNDLE")), Pem.encode(List.of(ca.tlsRoot(), root)));
        String fingerprint = HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded()));

        issue("--preferred-chain", fingerprint);

        assertThat(issuerOfTopmost()).contains("TestCa Root 3");
    }

    @Test
    void maySayWhichVariableSaysToo() throws IOException {
        user = user.with("WUCME_PREFERRED_CHAIN", OTHER);

        issue();

        assertThat(issuerOfTopmost()).contains(OTHER);
    }

    @Test
    void isTheCasChoiceWithAWarningThatNamesAllOfThemWhereThereIsNoSuchChain() throws IOException {
        User.Run run = issue("--preferred-chain", "ISRG Root X9");

        assertThat(issuerOfTopmost()).contains(USUAL);
        assertThat(run.out()).contains("ISRG Root X9", USUAL, OTHER, "TestCa Root 3");
    }

    @Test
    void ofACertificateThatIsCurrentIsStoredForItsRenewal() throws IOException {
        issue();

        User.Run run = issue("--preferred-chain", OTHER);

        assertThat(run.out()).contains("current", "stored for its next renewal", OTHER);
        assertThat(issuerOfTopmost()).contains(USUAL);
        issue("--preferred-chain", OTHER, "--force");
        assertThat(issuerOfTopmost()).contains(OTHER);
    }

    @Test
    void cannotBeBlank() {
        User.Run run = user.wucme("issue", "a.example", "--preferred-chain", " ");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("blank");
        assertThat(ca.orders()).isEmpty();
    }
}
