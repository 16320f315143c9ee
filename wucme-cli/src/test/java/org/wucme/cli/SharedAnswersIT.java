package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

/** Two processes and one folder: whichever the CA reaches answers for an order of the other one. */
@Timeout(120)
class SharedAnswersIT {

    private final int httpPort = User.freePort();
    private final int tlsPort = User.freePort();
    private final TestCa ca = TestCa.start().validateHttp01At(httpPort).validateTlsAlpn01At(tlsPort);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).with("WUCME_HTTP_BIND", "127.0.0.1").with("WUCME_TLS_BIND", "127.0.0.1");
        user.registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private User at(int http, int tls) {
        return user.with("WUCME_HTTP_PORT", String.valueOf(http)).with("WUCME_TLS_PORT", String.valueOf(tls));
    }

    private void assertNoAnswerIsLeft() {
        assertThat(user.files()).noneMatch(file -> file.startsWith("WUCME_B_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-01", "tls-alpn-01"})
    void theAgentThatKeepsThePortAnswersForACommand(String type) throws Exception {
        User same = at(httpPort, tlsPort);
        try (AgentProcess agent = AgentProcess.start(same.with("WUCME_LISTEN", "http-01,tls-alpn-01"))) {
            agent.await("active:");

            User.Run run = same.wucme("issue", "--challenge", type, "a.example", "b.example");

            assertThat(run.exit()).as(run.toString()).isZero();
            assertThat(ca.certificates()).hasSize(1);
        }
        assertNoAnswerIsLeft();
    }

    @Test
    void withoutAChallengeTypeThePortOfTheAgentIsAsGoodAsAFreeOne() throws Exception {
        User same = at(httpPort, tlsPort);
        try (AgentProcess agent = AgentProcess.start(same.with("WUCME_LISTEN", "tls-alpn-01"))) {
            agent.await("active:");
            ca.validateHttp01At(User.freePort());

            User.Run run = same.wucme("issue", "a.example");

            assertThat(run.exit()).as(run.toString()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-01", "tls-alpn-01"})
    void whereTheCaReachesOnlyAnotherAgentThatOneAnswers(String type) throws Exception {
        User reached = at(httpPort, tlsPort)
                .with("WUCME_LISTEN", "http-01,tls-alpn-01")
                .with("WUCME_ACTIVE", "1");
        User orders = at(User.freePort(), User.freePort()).with("WUCME_LISTEN", "http-01,tls-alpn-01");
        try (AgentProcess other = AgentProcess.start(reached)) {
            other.await("listening on port " + tlsPort);

            User.Run run = orders.wucme("issue", "--challenge", type, "a.example");

            assertThat(run.exit()).as(run.toString()).isZero();
        }
        assertNoAnswerIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-01", "tls-alpn-01"})
    void whereTheCaReachesOnlyAnApplicationThatSharesTheFolderItAnswersForTheAgentThatRenews(String type)
            throws Exception {
        User renews = at(User.freePort(), User.freePort()).with("WUCME_LISTEN", "http-01,tls-alpn-01");
        ca.certificateAge(Duration.ofDays(80));
        assertThat(at(httpPort, tlsPort)
                        .wucme("issue", "--challenge", type, "a.example")
                        .exit())
                .isZero();
        user.aged();
        ca.certificateAge(Duration.ZERO);
        ChallengeStore answers = FileStore.open(user.here()).answers();
        InetAddress local = InetAddress.getLoopbackAddress();
        try (Http01Server http = Http01Server.open(
                        new InetSocketAddress(local, httpPort), new Http01Responder().sharedBy(answers));
                TlsAlpn01Server tls = TlsAlpn01Server.open(
                        new InetSocketAddress(local, tlsPort), new TlsAlpn01Responder().sharedBy(answers));
                AgentProcess agent = AgentProcess.start(renews)) {
            assertThat(http.port()).isNotEqualTo(tls.port());
            agent.await("a.example: renewed");
        }
        assertThat(ca.certificates()).hasSize(2);
        assertNoAnswerIsLeft();
    }

    @Test
    void aPortOfAnotherProgramIsStillRefused() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            Files.createDirectories(user.here());
            User.Run run = at(httpPort, other.getLocalPort()).wucme("issue", "--challenge", "tls-alpn-01", "a.example");

            assertThat(run.exit()).isNotZero();
            assertThat(run.err()).contains("port " + other.getLocalPort());
            assertThat(ca.orders()).isEmpty();
            assertNoAnswerIsLeft();
        }
    }
}
