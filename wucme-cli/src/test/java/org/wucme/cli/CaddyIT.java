package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * At Caddy as a CA, with the code of step-ca, which validates while it answers, leaves a challenge that failed undecided, and
 * has no list of orders that could be asked for. It looks for tls-alpn-01 at port 443 only: at an address of this machine
 * that is ours alone.
 */
@Timeout(120)
class CaddyIT {

    private static final String FILE_END = ".PEM";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long PID = ProcessHandle.current().pid();
    private static final String ADDRESS = "127.91." + PID / 250 % 250 + "." + (PID % 250 + 1);
    private static final String OTHER_ADDRESS = ADDRESS.replace("127.91.", "127.92.");

    private static @Nullable Caddy caddy;
    private static User user;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        boolean canRun = Caddy.find().isPresent() && isPort443Ours();
        if (!canRun && Caddy.isRequired()) {
            throw new IllegalStateException(
                    "WUCME_REQUIRE_CADDY is set, but there is no caddy, or port 443 of " + ADDRESS + " cannot be had");
        }
        assumeTrue(canRun, "no caddy is installed, or this user may not listen on port 443");
        Caddy started = Caddy.start(folder);
        caddy = started;
        user = started.user()
                .with("WUCME_TLS_BIND", ADDRESS)
                .with("WUCME_TLS_PORT", "443")
                .registered();
    }

    private static boolean isPort443Ours() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(ADDRESS, 443));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void end() {
        Caddy started = caddy;
        if (started != null) {
            started.close();
        }
    }

    private static X509Certificate certificate() {
        String file = user.files().stream()
                .filter(name -> name.startsWith("WUCME_C_127_91_") && name.endsWith(FILE_END))
                .findFirst()
                .orElseThrow();
        return user.certificate(file);
    }

    private static User.Run wucme(int exit, String... command) {
        User.Run run = user.wucme(command);
        assertThat(run.exit()).as(run.toString()).isEqualTo(exit);
        return run;
    }

    @Test
    void anAccountThatWasShownStillObtainsCertificates() {
        wucme(0, "issue", ADDRESS, "--challenge", "tls-alpn-01");
        X509Certificate first = certificate();
        assertThat(wucme(0, "account", "show").out()).contains("status:     valid", "/account/");
        wucme(1, "issue", ADDRESS);

        wucme(0, "issue", ADDRESS, "--challenge", "tls-alpn-01", "--force");

        assertThat(certificate()).isNotEqualTo(first);
        assertThat(wucme(0, "account", "show").out()).contains("status:     valid");
    }

    @Test
    void theReasonOfAFailedValidationIsShownAtOnce() throws Exception {
        User unreachable = user.with("WUCME_TLS_PORT", "0").with("WUCME_TLS_BIND", "127.0.0.1");
        StringWriter shown = new StringWriter();
        PrintWriter terminal = new PrintWriter(shown, true);
        Thread command = new Thread(() -> Wucme.run(
                unreachable.environment(), terminal, terminal, "issue", OTHER_ADDRESS, "--challenge", "tls-alpn-01"));
        command.setDaemon(true);
        long begun = System.nanoTime();
        command.start();
        try {
            while (!isReasonIn(shown.toString()) && System.nanoTime() - begun < SOON.toNanos()) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }

            assertThat(shown.toString()).matches(CaddyIT::isReasonIn);
        } finally {
            command.interrupt();
            command.join();
        }
    }

    private static boolean isReasonIn(String shown) {
        return shown.lines()
                .anyMatch(line ->
                        line.contains(OTHER_ADDRESS) && line.contains("could not connect to validation target"));
    }
}
