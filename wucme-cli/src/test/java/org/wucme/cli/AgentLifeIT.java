package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    private static final Duration LIFETIME = Duration.ofSeconds(14);
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
            Path loads = folder.resolve("loads");
            Files.writeString(user.file("WUCME.CONF"), """
                    # What the agents and the commands go by.
                    WUCME_WEBHOOK="%s"
                    """.formatted(sink.url()));
            // Known to the agents alone.
            User agents = user.with("WUCME_LOAD", "/bin/sh -c 'echo \"$WUCME_SERIAL\" >>\"" + loads + "\"'");
            try (AgentProcess first = AgentProcess.start(agents)) {
                first.await("active:");
                String firstReport = first.reportUrl();
                assertThat(status(firstReport).at("/manager/role").textValue()).isEqualTo("active");
                assertThat(status(firstReport).at("/certificates")).isEmpty();
                try (AgentProcess second = AgentProcess.start(agents)) {
                    live(user, agents, first, firstReport, second, loads, sink);
                }
            }
        }
    }

    private void live(
            User user,
            User agents,
            AgentProcess first,
            String firstReport,
            AgentProcess second,
            Path loads,
            WebhookSink sink)
            throws Exception {
        second.await("standby: process");
        String secondReport = second.reportUrl();
        assertThat(status(secondReport).at("/manager/role").textValue()).isEqualTo("standby");

        User.Run issued = user.wucme("issue", NAME, "--challenge", "http-01");
        assertThat(issued.exit()).as(issued.toString()).isZero();
        assertThat(issued.out()).endsWith("load actions of its own are carried out within seconds\n");
        String serial = serial(user);
        awaitThat(() -> loads(loads).contains(serial));
        assertThat(status(firstReport).at("/certificates/0/identifiers/0").textValue())
                .isEqualTo(NAME);

        first.await(NAME + ": renewed");
        awaitThat(() -> loads(loads).contains(serial(user)));
        sink.await("renewed", NAME);

        first.close();
        second.await("active:");
        second.await(NAME + ": renewed");
        awaitThat(() -> loads(loads).contains(serial(user)));
        sink.await("takeover", "takes over");
        assertThat(status(secondReport).at("/manager/role").textValue()).isEqualTo("active");

        try (AgentProcess third = AgentProcess.start(agents)) {
            third.await("standby: process");
            second.signal("TERM");
            assertThat(second.awaitExit(PATIENCE)).isZero();
            third.await("active:");
            third.await(NAME + ": renewed");
            awaitThat(() -> loads(loads).contains(serial(user)));
            third.signal("TERM");
            assertThat(third.awaitExit(PATIENCE)).isZero();
        }

        // Who is killed right after a load cannot note it down, so that the next one loads once more.
        List<String> all = loads(loads);
        List<String> distinct = all.stream().distinct().toList();
        assertThat(distinct).hasSizeGreaterThanOrEqualTo(4).startsWith(serial);
        assertThat(all).hasSizeLessThanOrEqualTo(distinct.size() + 1);
        assertThat(user.wucme("check", "log").out())
                .contains("standby: process", "active: this process", NAME + ": renewed", "the agent has ended");
    }

    private static JsonNode status(String report) throws IOException {
        try (InputStream in = URI.create(report + "status.json").toURL().openStream()) {
            return JSON.readTree(in);
        }
    }

    private static String serial(User user) {
        BigInteger serial = user.certificate(C_FILE).getSerialNumber();
        return serial.toString(16);
    }

    private static List<String> loads(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void awaitThat(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
