package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.testing.SlowClients;
import org.wucme.testing.Stopwatch;

/** A server whose process may not open as many files as it was allowed to have connections. */
@EnabledOnOs(OS.LINUX)
class FewFilesTest {

    /** The process: says its port, and serves until its input ends. */
    public static final class Server {

        private Server() {}

        public static void main(String[] arguments) throws IOException {
            try (Http01Server server = Http01Server.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new Http01Responder(),
                    ConnectionLimits.defaults().withConnections(ConnectionLimits.DEFAULT_CONNECTIONS))) {
                System.out.println(server.port());
                int unused = System.in.read();
            }
        }
    }

    private static Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 200; exec \"$@\"",
                        "sh",
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aCaIsAnsweredThoughAllFilesAreOpen() throws Exception {
        Process process = start();
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            int port = Integer.parseInt(output.readLine());
            try (SlowClients slow = SlowClients.attack(port, SlowClients.sources(1000, 1), new byte[] {'G'})) {
                assertThat(Stopwatch.undisturbed(
                                () -> assertThat(RawHttp.get(port, "x", "/.well-known/acme-challenge/x")
                                                .body())
                                        .isEqualTo("Challenge received but no such token.")))
                        .isLessThan(Duration.ofSeconds(2));
                assertThat(process.isAlive()).isTrue();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
