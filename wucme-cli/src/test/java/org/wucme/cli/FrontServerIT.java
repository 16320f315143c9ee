package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/**
 * wµCME's set-ups with another server in front, on the port that the CA asks: that one redirects, or forwards, what begins with
 * /.well-known/acme-challenge/ to an agent elsewhere, under a path of its own.
 */
@RequiresPebble
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FrontServerIT {

    private static final String PREFIX = "/cgi-bin/wucme";
    private static final String CHALLENGES = "/.well-known/acme-challenge/";
    private static final Duration LIFETIME = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    private final int agentPort = User.freePort();
    private Pebble pebble;
    private User user;

    @BeforeEach
    void begin() throws IOException {
        pebble = Pebble.start(Pebble.options().profiles(Map.of("default", LIFETIME)));
        user = User.of(pebble.directoryUrl(), pebble.tlsRoot(), folder)
                .with("WUCME_HTTP_PORT", String.valueOf(agentPort))
                .with("WUCME_HTTP_BIND", "127.0.0.1")
                .with("WUCME_HTTP_PATH_PREFIX", PREFIX)
                .registered();
    }

    @AfterEach
    void end() throws IOException {
        pebble.close();
    }

    /** The agent has the port all the time, so that the command leaves its answers to it. */
    private void requireIssuedAndRenewed() throws Exception {
        try (AgentProcess agent = AgentProcess.start(user, "--listen", "http-01")) {
            agent.await("active:");
            User.Run run = user.wucme("issue", "a.example.test,b.example.test", "--challenge", "http-01");
            assertThat(run.exit()).as(run + agent.log()).isZero();
            agent.signal("HUP");
            agent.await("a.example.test and 1 more: renewed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302})
    void aServerThatRedirectsCasToTheAgent(int status) throws Exception {
        HttpServer front =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), pebble.httpPort()), 0);
        front.createContext(CHALLENGES, exchange -> {
            String host = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":.*", "");
            String target = "http://" + host + ":" + agentPort + PREFIX + exchange.getRequestURI();
            exchange.getResponseHeaders().set("Location", target);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        front.start();
        try {
            requireIssuedAndRenewed();
        } finally {
            front.stop(0);
        }
    }

    private void behindNginx(String server) throws Exception {
        Optional<Path> program = Nginx.find();
        if (program.isEmpty() && !Nginx.isRequired()) {
            Assumptions.abort("no nginx on the path");
        }
        try (Nginx nginx = Nginx.start(folder.resolve("nginx"), server)) {
            requireIssuedAndRenewed();
        }
    }

    private void behindNginxThatDoes(String rule) throws Exception {
        behindNginx("""
                listen 127.0.0.1:%d;
                location %s { %s }
                """.formatted(pebble.httpPort(), CHALLENGES, rule));
    }

    @Test
    void nginxForwardsToTheAgent() throws Exception {
        behindNginxThatDoes("proxy_pass http://127.0.0.1:" + agentPort + PREFIX + CHALLENGES
                + "; proxy_set_header X-Forwarded-Host $host;");
    }

    @Test
    void nginxRedirectsToTheAgent() throws Exception {
        behindNginxThatDoes("return 302 http://$host:" + agentPort + PREFIX + "$request_uri;");
    }

    @ParameterizedTest
    @EnumSource
    void nginxDoesAsTheReadmeSays(NginxRecipe recipe) throws Exception {
        behindNginx(recipe.server(pebble.httpPort(), agentPort));
    }
}
