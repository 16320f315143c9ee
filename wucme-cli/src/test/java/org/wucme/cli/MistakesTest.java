package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** What goes wrong for those who begin is said in a sentence or two that an administrator understands. */
class MistakesTest {

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private Path folder;
    private User user;

    @BeforeEach
    void begin(@TempDir Path ownFolder) {
        folder = ownFolder;
        user = User.of(ca, folder);
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private static void assertSays(User.Run run, String... words) {
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: ")
                .contains(words)
                .doesNotContain("Exception:", "unexpected error")
                .hasLineCount(1);
    }

    @Test
    void nothingWasRegistered() throws Exception {
        assertSays(user.wucme("issue", "a.example"), user.here() + " is not a folder", "\"wucme register\"", "--here");

        Files.createDirectory(user.here());
        assertSays(user.wucme("issue", "a.example"), "no account is registered at " + ca.directoryUrl(), "register");
    }

    @Test
    void nothingWasRegisteredIsSaidBeforeAPortIsTried() throws Exception {
        Files.createDirectory(user.here());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String option : List.of("--verbose", "--dry-run")) {
                User.Run run = user.wucme("issue", "a.example", "--http-port", port, "--tls-port", port, option);

                assertThat(run.exit()).isEqualTo(2);
                assertThat(run.err()).contains("no account is registered at " + ca.directoryUrl());
                assertThat(run.out() + run.err()).doesNotContain("listening on", "can be answered");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"issue, a.example", "revoke, a.pem", "manage, ", "certificates, "})
    void theFolderIsNotThere(String command, String argument) {
        String[] words = argument == null ? new String[] {command} : new String[] {command, argument};

        assertSays(user.with("WUCME_HERE", "/no/such").wucme(words), "/no/such is not a folder", "WUCME_HERE");
    }

    @Test
    void theFolderIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertSays(user.wucme("register", "--agree-tos", "--here", file.toString()), file.toString());
        assertSays(
                user.wucme(
                        "register",
                        "--agree-tos",
                        "--here",
                        file.resolve("below").toString()),
                file.toString());
    }

    @Test
    void theCaIsDown() {
        ca.close();

        assertSays(user.wucme("check", "ca"), "the connection to " + ca.directoryUrl() + " failed: ");
    }

    @Test
    void theCasHostIsUnknown() {
        assertSays(user.wucme("check", "ca", "--ca", "https://nosuch.invalid/dir"), "nosuch.invalid");
    }

    @Test
    void theCaIsNoneThatIsKnown() {
        assertSays(
                user.wucme("check", "ca", "--ca", "letsencript"), "\"letsencript\" is neither", "letsencrypt-staging");
        assertSays(user.wucme("check", "ca", "--ca", "http://ca.example/dir"), "https", "http://ca.example/dir");
        assertSays(user.wucme("check", "ca", "--ca", "https://not a url/"), "not a url");
    }

    @Test
    void theCaHasAPrivateRoot() {
        User.Run run = user.without("WUCME_CA_BUNDLE").wucme("check", "ca");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .hasLineCount(1)
                .contains("the TLS certificate of " + ca.directoryUrl() + " is not trusted", "--ca-bundle");
    }

    @Test
    void theCasCertificateIsForAnotherName() throws Exception {
        HeldCertificate other = new HeldCertificate.Builder()
                .addSubjectAlternativeName("other.example")
                .build();
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(other)
                    .build()
                    .sslSocketFactory());
            server.start();
            User wrong = User.of(server.url("/dir").toString(), other.certificate(), folder);

            assertSays(wrong.wucme("check", "ca"), server.url("/dir").toString());
        }
    }

    @Test
    void theBundleIsMissingOrBroken() throws Exception {
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path empty = Files.write(folder.resolve("empty.pem"), new byte[] {(byte) 0xE4, '\n'});

        assertSays(user.with("WUCME_CA_BUNDLE", "/no/such.pem").wucme("check", "ca"), "/no/such.pem: there is no such");
        for (Path file : List.of(broken, empty, folder)) {
            assertSays(user.with("WUCME_CA_BUNDLE", file.toString()).wucme("check", "ca"), file.toString());
        }
    }

    @Test
    void theUrlIsNotThatOfADirectory() {
        assertSays(user.wucme("check", "ca", "--ca", ca.directoryUrl() + "/frob"), "/frob");

        ca.fault(Endpoint.DIRECTORY, Fault.body("text/html", "<html>Welcome</html>"));
        assertSays(user.wucme("check", "ca"), ca.directoryUrl());
    }

    @Test
    void thePortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(0));
            String port = String.valueOf(taken.getLocalPort());
            user.registered();

            assertSays(
                    user.with("WUCME_TLS_PORT", port)
                            .with("WUCME_HTTP_PORT", port)
                            .wucme("issue", "a.example"),
                    "tls-alpn-01 needs port " + port + ", which another program uses; http-01 needs port " + port,
                    "--webroot",
                    "--http-port",
                    "WUCME_LISTEN=http-01");
            assertSays(
                    user.with("WUCME_TLS_PORT", port).wucme("issue", "a.example", "--challenge", "tls-alpn-01"),
                    "cannot listen on port " + port + ": another program uses it");
            assertSays(
                    user.with("WUCME_HTTP_PORT", port).wucme("issue", "a.example", "--challenge", "http-01"),
                    "cannot listen on port " + port,
                    "--webroot");
            assertSays(user.with("WUCME_HTTP_PORT", port).wucme("check", "http01"), "cannot listen on port " + port);
        }
    }

    @Test
    void theWebrootIsNotThere() {
        user.registered();

        assertSays(user.wucme("issue", "a.example", "--webroot", "/no/such"), "/no/such");
    }

    @Test
    void theAccountKeyIsBroken() throws Exception {
        user.registered();
        Files.writeString(user.file("WUCME_K_ACCOUNT.PEM"), "frob");

        assertSays(user.wucme("issue", "a.example"), "WUCME_K_ACCOUNT.PEM");
        assertSays(user.wucme("register"), "WUCME_K_ACCOUNT.PEM");
        assertThat(user.file("WUCME_K_ACCOUNT.PEM")).hasContent("frob");
    }

    @Test
    void aBrokenCertificateFileIsInTheWay() throws Exception {
        user.registered();
        Files.writeString(user.file("WUCME_C_A_EXAMPLE.PEM"), "frob");
        ca.clearLog();

        for (String force : List.of("--force", "--dry-run")) {
            assertSays(user.wucme("issue", "a.example", force), "WUCME_C_A_EXAMPLE.PEM");
        }
        assertThat(user.file("WUCME_C_A_EXAMPLE.PEM")).hasContent("frob");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void theAccountWasDeactivated() {
        user.registered();
        ca.makeStatus(ca.accounts().get(0).url(), "deactivated");

        assertSays(user.wucme("issue", "a.example"), "the CA says: ");
    }

    @Test
    void aWildcardNeedsAnotherChallenge() {
        user.registered();

        assertSays(user.wucme("issue", "*.a.example"), "*.a.example", "dns-01");
    }

    @Test
    void theCasWordsCannotSteerATerminal() {
        user.registered();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "unauthorized", "no\n\u001b[2Jno"));

        assertSays(user.wucme("issue", "a.example"), "the CA says: no [2Jno");
    }

    @Test
    void wordsAreMistyped() {
        assertThat(user.wucme("isue", "a.example").err())
                .startsWith("wucme: there is no command \"isue\"\nDid you mean: wucme issue ");
        assertThat(user.wucme("issue", "a.example", "--forse").err())
                .isEqualTo("wucme: Unknown option: '--forse'\nPossible solutions: --force\n");
        assertThat(user.wucme("version", "now").err())
                .isEqualTo("wucme: \"now\" is one argument too many\nTry \"wucme version --help\".\n");
        assertThat(user.wucme("issue").err()).startsWith("wucme: Missing required parameter: 'HOST'\nTry ");
        assertThat(user.wucme().err()).contains("a command is missing; there are: register, account, issue, ");
    }

    @Test
    void valuesAreMistyped() {
        assertThat(user.wucme("issue", "a.example", "--key-type", "dsa").err())
                .contains("'--key-type'", "\"dsa\" is not a key type; these are: ec-p256, ");
        for (String port : List.of("http", "65536", "-1", "0x50")) {
            assertThat(user.wucme("issue", "a.example", "--http-port=" + port).err())
                    .contains("'--http-port': \"" + port + "\" is not a port\n");
        }
        assertThat(user.with("WUCME_TLS_PORT", "https")
                        .wucme("issue", "a.example")
                        .err())
                .contains("'--tls-port': \"https\" is not a port (WUCME_TLS_PORT says so)\n");
    }

    @Test
    void whatIsWrongWithTheCommandLineIsExitCode2() {
        for (String[] words : List.of(new String[] {}, new String[] {"frob"}, new String[] {"issue", "--frob"})) {
            User.Run run = user.wucme(words);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        }
    }
}
