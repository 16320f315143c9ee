package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** What an administrator sees of agents: one that renews, one that stands by, and the end of either. */
@RequiresPebble
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AgentLifeIT {

    private static final String NAME = "www.example.test";
    private static final String C_FILE = "WUCME_C_WWW_EXAMPLE_TEST.PEM";
    private static final Duration LIFETIME = Duration.ofSeconds(16);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void agentsKeepWhatACommandIssuedFreshHaveItLoadedAndTellWhoeverOfThemIsKilled() throws Exception {
        try (Pebble pebble = Pebble.start(Pebble.options().profiles(Map.of("default", LIFETIME)));
                WebhookSink sink = WebhookSink.open()) {
            User user = User.of(pebble.directoryUrl(), pebble.tlsRoot(), folder)
                    .with("WUCME_HTTP_PORT", String.valueOf(pebble.httpPort()))
                    .with("WUCME_TLS_PORT", String.valueOf(pebble.tlsPort()))
                    .registered();
            Files.writeString(user.file("WUCME.CONF"), """
                    # What the agents and the commands go by.
                    WUCME_WEBHOOK="%s"
                    """.formatted(sink.url()));
            // Known to the agents alone.
            User agents = user.with(
                    "WUCME_LOAD",
                    "/bin/sh -c 'test ! -e \"" + obstacle() + "\" && echo \"$WUCME_SERIAL\" >>\"" + loads() + "\"'");
            try (AgentProcess first = AgentProcess.start(agents)) {
                first.await("active:");
                String firstReport = first.reportUrl();
                awaitShown(() -> assertShowsNothingYet(firstReport));
                try (AgentProcess second = AgentProcess.start(agents)) {
                    live(user, agents, first, firstReport, second, sink);
                }
            }
        }
    }

    private void live(
            User user, User agents, AgentProcess first, String firstReport, AgentProcess second, WebhookSink sink)
            throws Exception {
        second.await("standby: process");
        String secondReport = second.reportUrl();
        awaitShown(() -> assertShowsRole(secondReport, "standby", "Standing by"));

        User.Run issued = user.wucme("issue", NAME, "--challenge", "http-01");
        assertThat(issued.exit()).as(issued.toString()).isZero();
        assertThat(issued.out()).endsWith("load actions of its own are carried out within seconds\n");
        String serial = serial(user);
        awaitShown(() -> assertThat(linesOf(loads())).contains(serial));
        awaitShown(() -> assertShowsWell(firstReport, user));

        Files.createFile(obstacle());
        first.await(NAME + ": renewed");
        awaitShown(() -> assertShowsFailingLoad(firstReport, user));
        assertThat(linesOf(loads())).doesNotContain(serial(user));
        Files.delete(obstacle());
        sink.await("renewed", NAME);
        sink.await("not-loaded", NAME);

        first.await("WWW_EXAMPLE_TEST: load succeeded");
        awaitShown(() -> {
            assertShowsWell(firstReport, user);
            assertThat(serial(user)).isNotEqualTo(serial);
            assertThat(linesOf(loads())).contains(serial(user));
        });

        first.close();
        second.await("active:");
        second.await(NAME + ": renewed");
        sink.await("takeover", "takes over");
        awaitShown(() -> {
            assertShowsRole(secondReport, "active", "Active");
            assertShowsWell(secondReport, user);
        });

        try (AgentProcess third = AgentProcess.start(agents)) {
            third.await("standby: process");
            second.signal("TERM");
            assertThat(second.awaitExit(PATIENCE)).isZero();
            third.await("active:");
            third.await(NAME + ": renewed");
            awaitShown(() -> assertThat(linesOf(loads())).contains(serial(user)));
            third.signal("TERM");
            assertThat(third.awaitExit(PATIENCE)).isZero();
        }

        // Who is killed right after a load cannot note it down, so that the next one loads once more.
        List<String> all = linesOf(loads());
        List<String> distinct = all.stream().distinct().toList();
        assertThat(distinct).hasSizeGreaterThanOrEqualTo(4).startsWith(serial);
        assertThat(all).hasSizeLessThanOrEqualTo(distinct.size() + 1);
        assertThat(user.wucme("check", "log").out())
                .contains("standby: process", "active: this process", NAME + ": renewed", "the agent has ended");
    }

    private static void assertShowsNothingYet(String report) throws IOException {
        assertShowsRole(report, "active", "Active");
        assertThat(status(report).at("/certificates")).isEmpty();
        assertThat(status(report).at("/health").textValue()).isEqualTo("ok");
        assertThat(page(report)).contains("There is no certificate here yet", "All well");
    }

    private static void assertShowsRole(String report, String role, String word) throws IOException {
        assertThat(status(report).at("/manager/role").textValue()).isEqualTo(role);
        assertThat(page(report)).contains("<span class=\"role " + role + "\">" + word + "</span>");
    }

    /** As it is stored, and nothing is wrong with it. */
    private static void assertShowsWell(String report, User user) throws IOException {
        JsonNode certificate = assertShows(report, user);
        assertThat(certificate.at("/health").textValue()).isEqualTo("ok");
        assertThat(certificate.at("/findings")).isEmpty();
        assertThat(page(report))
                .contains("All well", "The certificate is well.")
                .doesNotContain("class=\"findings\"");
    }

    private static void assertShowsFailingLoad(String report, User user) throws IOException {
        JsonNode certificate = assertShows(report, user);
        assertThat(certificate.at("/health").textValue()).isEqualTo("attention");
        assertThat(certificate.at("/findings/0").textValue())
                .startsWith("still to be carried out: /bin/sh")
                .contains("failed: /bin/sh", "ended with exit code 1");
        assertThat(page(report))
                .contains("Needs attention", "Still to be carried out: /bin/sh", "ended with exit code 1");
    }

    private static JsonNode assertShows(String report, User user) throws IOException {
        X509Certificate stored = user.certificate(C_FILE);
        JsonNode certificate = status(report).at("/certificates/0");
        assertThat(certificate.at("/identifiers/0").textValue()).isEqualTo(NAME);
        assertThat(certificate.at("/serial").textValue())
                .isEqualTo(stored.getSerialNumber().toString(16));
        assertThat(certificate.at("/notAfter").textValue())
                .isEqualTo(stored.getNotAfter().toInstant().toString());
        assertThat(page(report))
                .contains(
                        "<bdi>" + NAME + "</bdi>",
                        "<code>" + stored.getSerialNumber().toString(16) + "</code>",
                        "<time datetime=\"" + stored.getNotAfter().toInstant() + "\">");
        return certificate;
    }

    private static JsonNode status(String report) throws IOException {
        return JSON.readTree(read(report + "status.json"));
    }

    private static String page(String report) throws IOException {
        return read(report);
    }

    private static String read(String url) throws IOException {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String serial(User user) {
        return user.certificate(C_FILE).getSerialNumber().toString(16);
    }

    private Path loads() {
        return folder.resolve("loads");
    }

    /** While it is there, nothing is loaded. */
    private Path obstacle() {
        return folder.resolve("obstacle");
    }

    private static List<String> linesOf(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private interface Assertions {
        void check() throws Exception;
    }

    // The certificate may be renewed while it is looked at.
    private static void awaitShown(Assertions assertions) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertions.check();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }
}
