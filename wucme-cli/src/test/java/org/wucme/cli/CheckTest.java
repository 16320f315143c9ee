package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

class CheckTest {

    private final TestCa ca = TestCa.builder().profile("b", "").profile("a", "").start();
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder);
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void caShowsWhatTheDirectorySays() {
        User.Run run = user.wucme("check", "ca");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("The CA answers: " + ca.directoryUrl())
                .contains("  terms of service: https://example.org/terms-1\n")
                .contains("  profiles: a, b\n")
                .contains("  account binding: not required\n");
        assertThat(ca.count()).isEqualTo(ca.count(Endpoint.DIRECTORY)).isEqualTo(1);
    }

    @Test
    void caTellsWhatOneShouldKnowOfIt() {
        System.setProperty(OwnCa.URL, ca.directoryUrl());
        try {
            User.Run run = user.wucme("check", "ca", "--ca", OwnCa.NAME);

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .contains("The CA answers: " + ca.directoryUrl())
                    .contains("  note: " + CaQuirk.NO_KEY_CHANGE.advice() + "\n")
                    .contains("  note: " + CaQuirk.PRIVATE_ROOT.advice() + "\n");
        } finally {
            System.clearProperty(OwnCa.URL);
        }
        assertThat(user.wucme("check", "ca").out()).doesNotContain("note:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ca", "/CA"})
    void wucmesSpellingWorksToo(String spelling) {
        assertThat(user.wucme("check", spelling).out()).contains("The CA answers: ");
        assertThat(user.wucme("--verbose", "check", spelling).exit()).isZero();
    }

    @Test
    void aCheckIsNeeded() {
        User.Run run = user.wucme("check");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("a command is missing; there are: ca, http01, alpn, log, load, mail, opcom, notify");
    }

    @Test
    void http01FetchesItsTokenFromEachHost() throws Exception {
        String port = String.valueOf(User.freePort());

        User.Run run = user.wucme("check", "http01", "--http-port", port, "localhost:" + port, "127.0.0.1:" + port);

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("localhost: reachable, the token came back\n", "127.0.0.1: reachable, the token came back\n");
    }

    @Test
    void hostsMayBeSeparatedByCommasAsInWucme() throws Exception {
        String http = String.valueOf(User.freePort());
        String tls = String.valueOf(User.freePort());

        User.Run byHttp =
                user.wucme("check", "http01", "--http-port", http, "localhost:" + http + ",127.0.0.1:" + http);
        User.Run byTls = user.wucme("check", "alpn", "--tls-port", tls, "localhost:" + tls + ",127.0.0.1:" + tls);

        assertThat(byHttp.outLines())
                .hasSizeGreaterThanOrEqualTo(2)
                .anyMatch(line -> line.contains("127.0.0.1: reach"));
        assertThat(byTls.outLines()).anyMatch(line -> line.contains("127.0.0.1: an acme-tls/1 handshake is answered"));
        assertThat(byHttp.exit() + byTls.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-3", "0"})
    void aLogHasAtLeastALine(String lines) throws Exception {
        Files.createDirectories(user.here());
        Files.writeString(user.file("WUCME_ACTIVE.LOG"), "one\ntwo\n");

        User.Run run = user.wucme("check", "log", "--lines=" + lines);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("wucme: --lines must be at least 1, not " + lines + "\n");
        assertThat(user.wucme("check", "log", "--lines", "1").out()).isEqualTo("two\n");
    }

    @Test
    void http01SaysWhenAnotherServerAnswers() throws Exception {
        try (Http01Server other = Http01Server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            User.Run run = user.wucme("check", "http01", "localhost:" + other.port());

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out())
                    .contains(
                            "localhost: something else answers at http://localhost:" + other.port() + "/.well-known/");
        }
    }

    @Test
    void http01SaysWhenNobodyAnswersOrNothingIsKnown() throws Exception {
        String closed = String.valueOf(User.freePort());

        User.Run run = user.wucme("check", "http01", "localhost:" + closed, "nosuch.invalid");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out())
                .contains("localhost: http://localhost:" + closed + "/.well-known/", "cannot be fetched: ")
                .contains("nosuch.invalid: the name does not resolve here\n");
    }

    @Test
    void http01WithoutHostsAnswersForAsLongAsAsked() {
        User.Run run = user.wucme("check", "http01", "--seconds", "0");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("Answering on port \\d+; from elsewhere: curl http://HOST/")
                .contains("WUCME_LISTEN=http-01");
    }

    @Test
    void http01WithoutHostsLeavesAWebrootToItsServer(@TempDir Path root) {
        User.Run run = user.with("WUCME_WEBROOT", root.toString()).wucme("check", "http01", "--seconds", "0");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("webroot", "wucme check http01 www.example.org");
    }

    @Test
    void http01IntoAWebrootIsFetchedFromItsServer(@TempDir Path root) throws Exception {
        User.Run run = user.wucme("check", "http01", "--webroot", root.toString(), "localhost:" + User.freePort());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).contains("cannot be fetched");
    }

    @Test
    void alpnIsAnsweredByItsOwnResponder() throws Exception {
        String port = String.valueOf(User.freePort());

        User.Run run = user.wucme("check", "alpn", "--tls-port", port, "localhost:" + port);

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("localhost: an acme-tls/1 handshake is answered\n");
    }

    @Test
    void alpnAsksWhoeverHasThePort() throws Exception {
        try (TlsAlpn01Server other = TlsAlpn01Server.open(new InetSocketAddress(0))) {
            String port = String.valueOf(other.port());

            User.Run run = user.wucme("check", "alpn", "--tls-port", port, "localhost:" + port);

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out())
                    .contains("localhost: no acme-tls/1 handshake with port " + port)
                    .contains("(port " + port + " is taken by another program, which was asked)\n");
        }
    }

    @Test
    void alpnSaysWhenAServerDoesNotSpeakIt() throws Exception {
        try (MockWebServer web = new MockWebServer()) {
            web.setProtocolNegotiationEnabled(false);
            web.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(new HeldCertificate.Builder().build())
                    .build()
                    .sslSocketFactory());
            web.start();

            User.Run run = user.wucme("check", "alpn", "localhost:" + web.getPort(), "nosuch.invalid");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out())
                    .contains("localhost: a server answers, but does not speak acme-tls/1\n")
                    .contains("nosuch.invalid: the name does not resolve here\n");
        }
    }

    @Test
    void alpnSaysWhenAnotherResponderAnswers() throws Exception {
        TlsAlpn01 challenge = new TlsAlpn01("about:blank", "token", ChallengeStatus.PENDING, null);
        AccountIdentity account = new AccountIdentity("about:blank", "thumbprint");
        try (TlsAlpn01Server other = TlsAlpn01Server.open(new InetSocketAddress(0));
                Presented presented = other.present(challenge, Identifier.dns("localhost"), account)) {
            User.Run run = user.wucme("check", "alpn", "localhost:" + other.port());

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out())
                    .contains("localhost: acme-tls/1 is answered, but not with the certificate of this check\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "www.example, www.example, 80",
        "www.example:8080, www.example, 8080",
        "192.0.2.1:81, 192.0.2.1, 81",
        "2001:db8::1, 2001:db8::1, 80",
        "[2001:db8::1], 2001:db8::1, 80",
        "[2001:db8::1]:81, 2001:db8::1, 81"
    })
    void hostsHaveAPortOrNot(String text, String host, int port) {
        assertThat(HostPort.parse(text, 80)).isEqualTo(new HostPort(Identifier.of(host), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:", "localhost:x", "localhost:65536", "localhost:-1"})
    void whatIsNoPortIsSaidToBeNone(String host) {
        User.Run run = user.wucme("check", "http01", host);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("is not a port").hasLineCount(1);
    }
}
