package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.ActiveManager;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** What real signals do to an agent. */
class AgentSignalsIT {

    private static final Duration SECONDS = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NEVER = 1_000_000;

    @TempDir
    Path folder;

    private User user;

    @BeforeEach
    void begin() throws IOException {
        user = User.in(folder).with("WUCME_HTTP_BIND", "127.0.0.1");
    }

    private void configure(String... lines) throws IOException {
        Files.writeString(folder.resolve("WUCME.CONF"), "WUCME_LISTEN=http-01\n" + String.join("\n", lines));
    }

    private static String fetch(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void hupReadsTheConfigurationAnewAndTermEndsWithExitCode0() throws Exception {
        int before = User.freePort();
        int after = User.freePort();
        configure("WUCME_HTTP_PORT=" + before, "WUCME_HTTP_PATH_PREFIX=/cgi-bin/wucme");
        try (AgentProcess agent = AgentProcess.start(user)) {
            agent.await("active:");
            assertThat(fetch(before, "/cgi-bin/wucme/.well-known/acme-challenge/"))
                    .isEqualTo("Challenge received but no such token.");

            configure("WUCME_HTTP_PORT=" + after, "WUCME_LOAD=/bin/true", "WUCME_LOAD=/bin/false", "WUCME_LAOD=+");
            agent.signal("HUP");

            assertThat(agent.await("warning: ")).contains("WUCME_LAOD");
            agent.await("listening on port " + after + " for http-01");
            agent.await("what is new is loaded by /bin/true, then /bin/false");
            assertThat(fetch(after, "/.well-known/acme-challenge/")).isEqualTo("Challenge received but no such token.");

            agent.signal("TERM");
            assertThat(agent.awaitExit(SECONDS)).isZero();
            assertThat(agent.log()).endsWith("the agent has ended");
        }
    }

    @Test
    void anActionThatIsNewAfterHupIsCarriedOutOnceWithTheCertificatesThatAreThere() throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true)) {
            User client = User.of(ca, folder).registered();
            client.wucme("issue", "a.example");
            client.wucme("issue", "b.example");
            Path seen = folder.resolve("seen");
            Path configuration = client.file("WUCME.CONF");
            String one = "WUCME_LOAD=/bin/sh -c 'echo one $WUCME_NAMES >>" + seen + "'\n";
            Files.writeString(configuration, one);
            try (AgentProcess agent = AgentProcess.start(client)) {
                agent.await("A_EXAMPLE: load succeeded: ");
                agent.await("B_EXAMPLE: load succeeded: ");

                Files.writeString(
                        configuration, one + "WUCME_LOAD=/bin/sh -c 'echo two $WUCME_NAMES >>" + seen + "'\n");
                agent.signal("HUP");

                agent.await("A_EXAMPLE: load succeeded: ");
                agent.await("B_EXAMPLE: load succeeded: ");
            }
            assertThat(seen).hasContent("one a.example\none b.example\ntwo a.example\ntwo b.example\n");
        }
    }

    @Test
    void whatCannotBeUsedAfterHupChangesNothing() throws Exception {
        int port = User.freePort();
        configure("WUCME_HTTP_PORT=" + port);
        try (AgentProcess agent = AgentProcess.start(user);
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            agent.await("active:");
            for (String wrong : new String[] {"nonsense", "WUCME_HTTP_PORT=x", "WUCME_WEBHOOK=x", "WUCME_LOAD='"}) {
                configure(wrong);
                agent.signal("HUP");
                agent.await("warning: keeping the current configuration: ");
            }
            Path moved = folder.resolve("moved.log");
            configure("WUCME_HTTP_PORT=" + other.getLocalPort(), "WUCME_LOG_FILE=" + moved, "WUCME_VERBOSE=1");
            // Twice, since what could not be used is nothing to go back to.
            for (int i = 0; i < 2; i++) {
                agent.signal("HUP");
                agent.await("warning: restoring the previous configuration: cannot listen on 127.0.0.1 port "
                        + other.getLocalPort());
                agent.await("listening on port " + port + " for http-01");
            }

            assertThat(fetch(port, "/.well-known/acme-challenge/")).isEqualTo("Challenge received but no such token.");
            agent.signal("INT");
            assertThat(agent.awaitExit(SECONDS)).isZero();
            assertThat(moved).doesNotExist();
        }
    }

    @Test
    void anAgentThatStandsByDoesWithoutThePortsOfTheActiveOneAndHasThemAfterATakeover() throws Exception {
        int port = User.freePort();
        int report = User.freePort();
        configure("WUCME_HTTP_PORT=" + port);
        User both = user.with("WUCME_REPORT_PORT", String.valueOf(report));
        try (AgentProcess first = AgentProcess.start(both)) {
            first.await("active:");
            assertThat(fetch(report, "/admin/log")).contains("active:");
            try (AgentProcess second = AgentProcess.start(both)) {
                second.await("left to the active agent (process ");
                assertThat(second.await("there is no report yet: cannot listen on"))
                        .contains("the agent of this folder (process " + first.pid() + " on ")
                        .doesNotContain("stop that program");
                second.await("standby:");

                first.close();

                second.await("listening on port " + port + " for http-01");
                assertThat(second.reportUrl()).contains(":" + report + "/");
                assertThat(fetch(port, "/.well-known/acme-challenge/"))
                        .isEqualTo("Challenge received but no such token.");
                assertThat(fetch(report, "/admin/log")).contains("standby:");
            }
        }
    }

    @Test
    void hupNeverHandsTheActiveRoleToAStandby() throws Exception {
        int port = User.freePort();
        configure("WUCME_HTTP_PORT=" + port);
        try (AgentProcess active = AgentProcess.start(user);
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            active.await("active:");
            try (AgentProcess standby = AgentProcess.start(user)) {
                standby.await("standby:");
                for (int i = 0; i < 12; i++) {
                    boolean isUsable = i % 3 != 1;
                    configure("WUCME_HTTP_PORT=" + (isUsable ? port : other.getLocalPort()));
                    active.signal("HUP");
                    if (!isUsable) {
                        active.await("restoring the previous configuration: ");
                    }
                    active.await("notices go to ");
                    standby.signal("HUP");
                    standby.await("notices go to ");
                }
                configure("nonsense");
                active.signal("HUP");
                active.await("keeping the current configuration: ");

                assertThat(standby.log()).doesNotContain(" active:");
                assertThat(active.log().split(" active:", -1)).hasSize(2);
                configure("WUCME_HTTP_PORT=" + port);
                active.signal("TERM");
                standby.await("active:");
            }
        }
    }

    @Test
    void whereALinkWasSwitchedHupLeavesTheRoleWithTheActiveAgent() throws Exception {
        configure("WUCME_HTTP_PORT=" + User.freePort());
        Path link = folder.resolve("link");
        Path one = copyOfSettings("one");
        Path two = copyOfSettings("two");
        Files.createSymbolicLink(link, one);
        User linked = user.with("WUCME_HERE", link.toString());
        try (AgentProcess active = AgentProcess.start(linked)) {
            active.await("active:");
            try (AgentProcess standby = AgentProcess.start(linked)) {
                standby.await("standby:");
                Files.delete(link);
                Files.createSymbolicLink(link, two);

                // The standby is the first to know, by seconds.
                standby.signal("HUP");
                standby.await("notices go to ");
                active.signal("HUP");
                active.await("notices go to ");
                awaitActive(two, active.pid());
                standby.await("standby:");
                assertThat(standby.log()).doesNotContain(" active:");

                active.close();
                standby.await("active:");
            }
        }
    }

    private Path copyOfSettings(String name) throws IOException {
        Path copy = Files.createDirectory(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.copy(folder.resolve("WUCME.CONF"), copy.resolve("WUCME.CONF"));
        return copy;
    }

    private static void awaitActive(Path folder, long pid) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        FileStore store = FileStore.open(folder);
        while (!store.active()
                .map(ActiveManager::pid)
                .filter(owner -> owner == pid)
                .isPresent()) {
            assertThat(System.nanoTime()).as("active is %s", store.active()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void aWrongPortIsToldAtOnceWithExitCode2() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "swordfish");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure("WUCME_HTTP_PORT=" + other.getLocalPort());
            assertRefusal(AgentProcess.start(user), "wucme: cannot listen on 127.0.0.1 port " + other.getLocalPort());
        }
        configure("WUCME_HTTP_PORT=" + User.freePort());
        assertRefusal(
                AgentProcess.start(user, "--report-bind", "192.0.2.1", "--report-password-file", password.toString()),
                "wucme: cannot listen on 192.0.2.1 port ");
    }

    private static void assertRefusal(AgentProcess started, String words) throws Exception {
        try (AgentProcess agent = started) {
            assertThat(agent.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(agent.log()).contains(words);
        }
    }

    @Test
    void hupTakesUpHowAndWhereToLogAndHasWhatFailedTriedAtOnceUnlikeARestart() throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true).certificateAge(Duration.ofDays(80))) {
            User client = User.of(ca, folder).registered();
            assertThat(client.wucme("issue", "a.example").exit()).isZero();
            client.aged();
            ca.certificateAge(Duration.ZERO)
                    .fault(Endpoint.NEW_ORDER, Fault.problem(400, "rejectedIdentifier", "no"), 1);
            try (AgentProcess agent = AgentProcess.start(client)) {
                agent.await("ALARM: needs help: renewal is refused");
            }
            Path moved = folder.resolve("moved.log");
            try (AgentProcess agent = AgentProcess.start(client)) {
                agent.await("active:");
                Files.writeString(client.file("WUCME.CONF"), "WUCME_VERBOSE=1\nWUCME_LOG_FILE=" + moved);
                agent.signal("HUP");
                agent.await("SIGHUP: ");
                agent.await("a.example: renewed");
                agent.signal("TERM");
                assertThat(agent.awaitExit(SECONDS)).isZero();

                assertThat(agent.log()).contains("POST " + ca.directoryUrl().substring(0, 16));
            }
            assertThat(Files.readString(moved))
                    .contains("a.example: renewed", "the agent has ended")
                    .doesNotContain("SIGHUP");
            assertThat(Files.readString(client.file("WUCME_ACTIVE.LOG"))).contains("SIGHUP");
        }
    }

    @Test
    void termInTheMidstOfAnOrderEndsWithinSecondsAndTheNextAgentGoesOnWithIt() throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true).certificateAge(Duration.ofDays(80))) {
            User client = User.of(ca, folder).registered();
            assertThat(client.wucme("issue", "a.example").exit()).isZero();
            client.aged();
            ca.pollsUntilReady(NEVER);
            try (AgentProcess agent = AgentProcess.start(client)) {
                agent.await("polling order status");
                agent.signal("TERM");
                assertThat(agent.awaitExit(SECONDS)).isZero();
            }
            String order = ca.orders().get(1);
            assertThat(ca.status(order)).isEqualTo("pending");

            ca.makeStatus(order, "ready");
            try (AgentProcess agent = AgentProcess.start(client)) {
                agent.await("a.example: renewed");
            }
            assertThat(ca.status(order)).isEqualTo("valid");
            assertThat(ca.orders()).hasSize(2);
        }
    }
}
