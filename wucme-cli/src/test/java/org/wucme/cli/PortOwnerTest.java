package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.Lease;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

/** Commands beside an agent that keeps ports: this process is both. */
class PortOwnerTest {

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user = User.in(Path.of(""));
    private FileStore store;
    private TlsAlpn01Server tls;
    private Http01Server http;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "only Linux tells who has a port");
        tls = TlsAlpn01Server.open(new InetSocketAddress(0));
        http = Http01Server.open(new InetSocketAddress(0), new Http01Responder());
        user = User.of(ca, folder)
                .with("WUCME_TLS_PORT", String.valueOf(tls.port()))
                .with("WUCME_HTTP_PORT", String.valueOf(http.port()))
                .registered();
        store = FileStore.open(user.here());
        ca.clearLog();
    }

    @AfterEach
    void end() {
        ca.close();
        tls.close();
        http.close();
    }

    private User.Run besideTheAgent(String... words) throws IOException {
        try (Lease active = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            return user.wucme(words);
        }
    }

    private static void assertNamesTheAgent(String text) {
        assertThat(text)
                .contains("the agent of this folder (process "
                        + ProcessHandle.current().pid() + " on ")
                .doesNotContain("another program", "stop that program");
    }

    @Test
    void issueSaysThatTheAgentHasBothPorts() throws Exception {
        User.Run run = besideTheAgent("issue", "a.example");

        assertThat(run.exit()).isEqualTo(2);
        assertNamesTheAgent(run.err());
        assertThat(run.err())
                .contains("port " + tls.port(), "port " + http.port())
                .hasLineCount(1);
        assertThat(ca.orders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-alpn-01", "http-01"})
    void issueByAChallengeTypeSaysThatTheAgentHasItsPort(String type) throws Exception {
        User.Run run = besideTheAgent("issue", "a.example", "--challenge", type);

        assertThat(run.exit()).isEqualTo(2);
        assertNamesTheAgent(run.err());
        assertThat(run.err()).contains("WUCME_LISTEN=" + type).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-alpn-01", "http-01"})
    void renewalsSayThatTheAgentHasTheirPort(String type) throws Exception {
        ca.certificateAge(Duration.ofDays(80));
        User ported = user.with("WUCME_TLS_PORT", "0").with("WUCME_HTTP_PORT", "0");
        assertThat(ported.wucme("issue", "a.example", "--challenge", type).exit())
                .isZero();
        user.aged();

        User.Run forced = besideTheAgent("issue", "a.example", "--force");
        assertThat(forced.exit()).isEqualTo(2);
        assertNamesTheAgent(forced.err());
        User.Run due = besideTheAgent("manage", "--now");
        assertThat(due.exit()).isEqualTo(2);
        assertNamesTheAgent(due.err());
    }

    @Test
    void checkAlpnSaysThatItAskedTheAgentWhichAnswersWhileAChallengeIsPending() throws Exception {
        User.Run run = besideTheAgent("check", "alpn", "localhost:" + tls.port());

        assertNamesTheAgent(run.out());
        assertThat(run.out()).contains("pending");
        assertThat(run.exit()).isZero();
    }

    @Test
    void checkAlpnFindsThatTheNameLeadsElsewhere() throws Exception {
        User.Run run = besideTheAgent("check", "alpn", "localhost:" + User.freePort(), "localhost:" + http.port());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.outLines())
                .filteredOn(line -> line.startsWith("PROBLEM"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http01", "/http01", "/HTTP01"})
    void checkHttp01SaysThatTheAgentHasThePort(String check) throws Exception {
        User.Run serving = besideTheAgent("check", check, "--seconds", "1");
        assertThat(serving.exit()).isEqualTo(2);
        assertNamesTheAgent(serving.err());
        assertThat(serving.err()).contains("curl");

        User.Run asking = besideTheAgent("check", check, "localhost:" + http.port());
        assertThat(asking.exit()).isEqualTo(2);
        assertNamesTheAgent(asking.out() + asking.err());
    }

    @Test
    void doctorSaysItForBothTypes() throws Exception {
        User.Run run = besideTheAgent("doctor", "localhost");

        assertNamesTheAgent(run.out());
    }

    @Test
    void anAgentThatNeedsAPortTwiceHearsThatItHasItItself() throws Exception {
        ListenException refusal = ListenException.of(
                new InetSocketAddress(tls.port()), "give another one", new BindException("Address already in use"));

        assertThat(new PortOwner(store, "www").explainToAgent(refusal, "wait"))
                .hasMessageContainingAll("this agent itself", "--http-port", "--tls-port", "--report-port");
    }

    @Test
    void withoutAnActiveAgentItIsAnotherProgram() throws Exception {
        User.Run run = user.wucme("issue", "a.example", "--challenge", "tls-alpn-01");

        assertThat(run.err()).contains("another program").doesNotContain("the agent of this folder (");
    }
}
