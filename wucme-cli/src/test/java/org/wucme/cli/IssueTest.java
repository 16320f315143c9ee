package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.http.Webroot;
import org.wucme.testing.ca.Defect;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class IssueTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";

    private final TestCa ca = TestCa.builder()
            .profile("classic", "as ever")
            .profile("shortlived", "six days")
            .start()
            .alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
        ca.clearLog();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private static List<String> names(X509Certificate certificate) throws Exception {
        return certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }

    @Test
    void storesACertificateAndSaysWhereAndUntilWhen() throws Exception {
        User.Run run = user.wucme("issue", "a.example", "b.example");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines().get(run.outLines().size() - 1))
                .startsWith(user.file(FILE) + ": obtained for a.example, b.example, valid until ")
                .matches(".* \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d");
        assertThat(names(user.certificate(FILE))).containsExactly("a.example", "b.example");
    }

    @Test
    void namesAreSeparatedBySpacesOrCommasAndCountOnce() throws Exception {
        user.wucme("issue", "A.example,b.example", "c.example, b.example,", "a.EXAMPLE.", "d.example");

        assertThat(names(user.certificate(FILE)))
                .containsExactlyInAnyOrder("a.example", "b.example", "c.example", "d.example");
    }

    @Test
    void answersTlsAlpn01ByDefault() throws Exception {
        int port = User.freePort();
        ca.alwaysValid(false).validateTlsAlpn01At(port);

        assertThat(user.with("WUCME_TLS_PORT", String.valueOf(port))
                        .wucme("issue", "a.example")
                        .exit())
                .isZero();
    }

    @Test
    void answersHttp01WhenAsked() throws Exception {
        int port = User.freePort();
        ca.alwaysValid(false).validateHttp01At(port);

        User.Run run = user.wucme("issue", "a.example", "--challenge", "http-01", "--http-port", String.valueOf(port));

        assertThat(run.exit()).as(run.toString()).isZero();
    }

    @Test
    void http01ProvesItWhereTheOtherPortIsTaken() throws Exception {
        int port = User.freePort();
        ca.alwaysValid(false).validateHttp01At(port);

        try (ServerSocket other = new ServerSocket(0)) {
            User crowded = user.with("WUCME_TLS_PORT", String.valueOf(other.getLocalPort()))
                    .with("WUCME_HTTP_PORT", String.valueOf(port));

            User.Run run = crowded.wucme("issue", "a.example");

            assertThat(run.exit()).as(run.toString()).isZero();
            assertThat(Files.readString(user.file("WUCME_R_A_EXAMPLE.JSON"))).contains("\"http-01\"");
        }
    }

    @Test
    void http01ProvesItByAnAgentThatHasThePort() throws Exception {
        Path shared = Files.createDirectory(user.file("WUCME_CHALLENGES"));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerSocket other = new ServerSocket(0);
                Http01Server agent = Http01Server.open(any, new Http01Responder().sharedBy(new Webroot(shared)))) {
            ca.alwaysValid(false).validateHttp01At(agent.port());

            User.Run run = user.with("WUCME_TLS_PORT", String.valueOf(other.getLocalPort()))
                    .with("WUCME_HTTP_PORT", String.valueOf(agent.port()))
                    .with("WUCME_HTTP_BIND", "127.0.0.1")
                    .wucme("issue", "a.example");

            assertThat(run.exit()).as(run.toString()).isZero();
        }
    }

    @Test
    void whatIsCurrentNeedsNoPort() throws Exception {
        user.wucme("issue", "a.example");

        try (ServerSocket other = new ServerSocket(0)) {
            String port = String.valueOf(other.getLocalPort());
            User crowded = user.with("WUCME_TLS_PORT", port).with("WUCME_HTTP_PORT", port);

            assertThat(crowded.wucme("issue", "a.example").exit()).isEqualTo(1);
            assertThat(crowded.wucme("issue", "a.example", "--dry-run").exit()).isEqualTo(1);
            assertThat(crowded.wucme("issue", "a.example", "--force").exit()).isEqualTo(2);
        }
    }

    @Test
    void aWebrootMeansHttp01(@TempDir Path root) {
        User.Run run = user.wucme("issue", "a.example", "--webroot", root.toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("wrote http-01 answer for a.example below " + root);
        assertThat(root.resolve(".well-known/acme-challenge"))
                .satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(),
                        folder -> assertThat(folder).isEmptyDirectory());
    }

    @ParameterizedTest
    @CsvSource({"ec-p256, EC, 256", "ec-p384, EC, 384", "RSA-2048, RSA, 2048"})
    void theCertificateHasTheKeyAskedFor(String type, String algorithm, int bits) {
        user.wucme("issue", "a.example", "--key-type", type);

        var key = user.certificate(FILE).getPublicKey();
        assertThat(key.getAlgorithm()).isEqualTo(algorithm);
        assertThat(
                        key instanceof ECPublicKey ec
                                ? ec.getParams().getCurve().getField().getFieldSize()
                                : ((RSAPublicKey) key).getModulus().bitLength())
                .isEqualTo(bits);
    }

    @Test
    void aProfileOfTheCaIsOrdered() {
        assertThat(user.wucme("issue", "a.example", "--profile", "shortlived").exit())
                .isZero();
    }

    @Test
    void aProfileThatTheCaHasNotIsRefused() {
        User.Run run = user.wucme("issue", "a.example", "--profile", "frob");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("frob").hasLineCount(1);
        assertThat(user.files()).doesNotContain(FILE);
    }

    @Test
    void optionsThatDifferFromTheStoredOnesAreStoredAndReported() throws Exception {
        user.wucme("issue", "a.example", "--challenge", "http-01");

        User.Run run = user.wucme("issue", "a.example", "--challenge", "http-01", "--key-type", "rsa-2048");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("key type rsa-2048 instead of ec-p256", "next renewal", "--force");
        assertThat(ca.orders()).hasSize(1);
        assertThat(user.wucme("issue", "a.example").exit())
                .as("nothing more is said")
                .isEqualTo(1);
        assertThat(user.wucme("issue", "a.example", "--key-type", "rsa-2048").exit())
                .isEqualTo(1);
    }

    @Test
    void aProfileThatTheCaHasNotIsRefusedForACurrentCertificateToo() throws Exception {
        user.wucme("issue", "a.example");

        User.Run run = user.wucme("issue", "a.example", "--profile", "nosuch");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("nosuch");
        assertThat(user.wucme("issue", "a.example", "--profile", "shortlived").out())
                .contains("profile shortlived instead of the default");
    }

    @Test
    void aCurrentCertificateWithTheseNamesIsLeftAloneWithoutARequest() throws Exception {
        user.wucme("issue", "a.example", "b.example");
        byte[] before = Files.readAllBytes(user.file(FILE));
        ca.clearLog();

        // The first name says under which the certificate is stored; the order of the others does not matter.
        User.Run again = user.wucme("issue", "A.example,b.example,a.example");

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).isEmpty();
        assertThat(again.out())
                .contains(user.file(FILE) + " is current, and due on ", "--force")
                .containsPattern("due on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d;");
        assertThat(ca.count()).isZero();
        assertThat(user.file(FILE)).hasBinaryContent(before);
    }

    @Test
    void otherNamesMakeANewCertificate() throws Exception {
        user.wucme("issue", "a.example");

        assertThat(user.wucme("issue", "a.example", "b.example").exit()).isZero();
        assertThat(names(user.certificate(FILE))).containsExactly("a.example", "b.example");
        assertThat(user.wucme("issue", "a.example").exit()).isZero();
        assertThat(names(user.certificate(FILE))).containsExactly("a.example");
    }

    @Test
    void anotherCaMakesANewCertificate(@TempDir Path folder) {
        user.wucme("issue", "a.example");
        try (TestCa second = TestCa.start().alwaysValid(true)) {
            User other = User.of(second, folder).with("WUCME_HERE", user.here().toString());
            other.registered();

            assertThat(other.wucme("issue", "a.example").exit()).isZero();
            assertThat(second.certificates()).containsExactly(user.certificate(FILE));
        }
    }

    @Test
    void forceMakesANewCertificateAndKeepsTheOldOne() {
        user.wucme("issue", "a.example");
        X509Certificate old = user.certificate(FILE);

        assertThat(user.wucme("issue", "a.example", "--force").exit()).isZero();

        assertThat(user.certificate(FILE)).isNotEqualTo(old);
        List<String> backups = user.files().stream()
                .filter(file -> file.matches(FILE + "_\\d{16}"))
                .toList();
        assertThat(backups).hasSize(1);
        assertThat(user.certificate(backups.get(0))).isEqualTo(old);
    }

    @Test
    void aDryRunOrdersNothing() {
        User.Run run = user.wucme("issue", "a.example,b.example", "--dry-run", "--profile", "classic");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("Would order a certificate for a.example, b.example at " + ca.directoryUrl())
                .contains("proven by tls-alpn-01. Nothing was ordered.");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(user.files()).doesNotContain(FILE);
    }

    @Test
    void aDryRunOfWhatIsCurrentSaysSo() {
        user.wucme("issue", "a.example");

        assertThat(user.wucme("issue", "a.example", "--dry-run").exit()).isEqualTo(1);
        assertThat(user.wucme("issue", "a.example", "--dry-run", "--force").exit())
                .isZero();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(1);
    }

    @Test
    void aDryRunFindsWhatWouldFail(@TempDir Path folder) throws Exception {
        User.Run profile = user.wucme("issue", "a.example", "--dry-run", "--profile", "frob");
        assertThat(profile.exit()).isEqualTo(2);
        assertThat(profile.err()).contains("no profile \"frob\"; it has: classic, shortlived");

        User stranger = User.of(ca, folder);
        Files.createDirectory(stranger.here());
        User.Run account = stranger.wucme("issue", "a.example", "--dry-run");
        assertThat(account.exit()).isEqualTo(2);
        assertThat(account.err()).contains("no account is registered at " + ca.directoryUrl(), "register first");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void aHundredNamesAreEnough() throws Exception {
        String names = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> "n" + i + ".example")
                .collect(Collectors.joining(","));

        User.Run tooMany = user.wucme("issue", names, "one.more.example");

        assertThat(tooMany.exit()).isEqualTo(2);
        assertThat(tooMany.err()).contains("1 to 100 names, not 101").hasLineCount(1);
        assertThat(ca.count()).isZero();
        assertThat(user.wucme("issue", names).exit()).isZero();
        assertThat(names(user.certificate("WUCME_C_N1_EXAMPLE.PEM"))).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_b.example", "-a.example", "http://a.example/", "a..example", "1.2.3", "a.example:443"})
    void whatIsNoNameIsRefusedBeforeAnyRequest(String name) {
        User.Run run = user.wucme("issue", "--", name);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("wucme: \"" + name + "\" is not ").hasLineCount(1);
        assertThat(ca.count()).isZero();
    }

    @Test
    void nothingButCommasIsNoName() {
        assertThat(user.wucme("issue", ",").err()).contains("1 to 100 names, not 0");
    }

    @Test
    void onlyChallengesThatItCanAnswerAreTaken() {
        User.Run run = user.wucme("issue", "a.example", "--challenge", "dns-01");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("\"dns-01\" is not a challenge", "http-01 and tls-alpn-01")
                .hasLineCount(1);
        assertThat(ca.count()).isZero();
    }

    @Test
    void aFailedValidationIsTheCasOwnWordsForEachName() throws Exception {
        ca.alwaysValid(false).validateTlsAlpn01At(User.freePort());

        User.Run run = user.wucme("issue", "a.example");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: validation failed: a.example: ")
                .hasLineCount(2);
        assertThat(user.files()).doesNotContain(FILE);
    }

    @Test
    void aRefusedNameIsNamed() {
        ca.block("bad.example");

        User.Run run = user.wucme("issue", "a.example", "bad.example");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("the CA says: ", "bad.example").hasLineCount(1);
    }

    @Test
    void aFolderThatHidesTheAgentIsToldWithBothPorts() throws Exception {
        Path answers = Files.createDirectories(user.file("WUCME_CHALLENGES"));
        Files.createFile(answers.resolve(".well-known"));
        try (ServerSocket other = new ServerSocket(0)) {
            String port = String.valueOf(other.getLocalPort());

            User.Run run = user.with("WUCME_HTTP_PORT", port)
                    .with("WUCME_TLS_PORT", port)
                    .wucme("issue", "a.example");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("wucme: no challenge can be answered: tls-alpn-01 needs port " + port)
                    .contains("; http-01 needs port " + port + ", which another program uses, and it cannot be told to"
                            + " answer: " + answers)
                    .hasLineCount(1);
        }
    }

    @Test
    void aRateLimitSaysUntilWhen() {
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.problem(
                        429,
                        "rateLimited",
                        "too many certificates already issued",
                        "Retry-After",
                        "7200",
                        "Link",
                        "<https://example.org/limits>;rel=\"help\""));

        User.Run run = user.wucme("issue", "a.example");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("too many certificates already issued; not before 20")
                .containsPattern("not before \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d; see https://example.org/limits\n")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WRONG_KEY", "MISSING_NAME", "BROKEN_CHAIN", "EXPIRED"})
    void aCertificateThatIsNotWhatWasAskedForIsNotStored(String defect) {
        ca.defect(Defect.valueOf(defect));

        User.Run run = user.wucme("issue", "a.example");

        assertThat(run.exit()).isEqualTo(2);
        // why, and what can be done
        assertThat(run.err()).startsWith("wucme: ").hasLineCount(2);
        assertThat(user.files()).doesNotContain(FILE);
    }

    @Test
    void stackTracesAreForVerbose() {
        ca.block("a.example");

        assertThat(user.wucme("issue", "a.example").err()).doesNotContain("\tat ");
        assertThat(user.wucme("issue", "a.example", "--verbose").err()).contains("\tat org.wucme");
        assertThat(user.with("WUCME_VERBOSE", "*").wucme("issue", "a.example").err())
                .contains("\tat org.wucme");
    }

    /** Nothing was ordered, nothing is stored, and no alarm follows. */
    private void assertNothingLeft() {
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(ca.orders()).isEmpty();
        assertThat(user.wucme("status").exit()).isEqualTo(1);
        assertThat(user.wucme("manage").exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.a.example", "b.example *.a.example", "*.a.example 192.0.2.1"})
    void aWildcardIsRefusedBeforeAnythingIsOrdered(String names) {
        User.Run run = user.wucme(("issue " + names).split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("*.a.example", "dns-01");
        assertNothingLeft();
    }

    @Test
    void aWildcardIsRefusedWhateverIsWrongWithPorts() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            String port = String.valueOf(other.getLocalPort());

            User.Run run = user.wucme("issue", "*.a.example", "--http-port", port, "--tls-port", port);

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("*.a.example", "dns-01").doesNotContain("port");
        }
        assertNothingLeft();
    }

    @Test
    void aPortThatIsTakenIsFoundBeforeAnythingIsOrdered() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            String port = String.valueOf(other.getLocalPort());

            for (String type : List.of("http-01", "tls-alpn-01")) {
                User.Run run = user.wucme(
                        "issue",
                        "a.example",
                        "b.example",
                        "--challenge",
                        type,
                        "--http-port",
                        port,
                        "--tls-port",
                        port);

                assertThat(run.exit()).isEqualTo(2);
                assertThat(run.err()).contains("port " + port);
            }
        }
        assertNothingLeft();
    }

    @Test
    void aMissingWebrootIsFoundBeforeAnythingIsOrdered() {
        String missing = user.file("nowhere").toString();

        User.Run run = user.wucme("issue", "a.example", "--webroot", missing);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(missing);
        assertNothingLeft();
    }

    @Test
    void aDryRunFindsWhatIsMissingOnThisSide() {
        User.Run run = user.wucme(
                "issue",
                "a.example",
                "--dry-run",
                "--webroot",
                user.file("nowhere").toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("nowhere");
    }
}
