package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.cli.doctor.DnsServer;
import org.wucme.testing.ca.TestCa;

/**
 * Ten mistakes that administrators make. What each prints stands in this module's README, word by word, but for what differs
 * from one machine to the next.
 */
@Timeout(120)
class TenMistakesIT {

    private static final Pattern LOGGED = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[.\\d]*: ");
    private static final String FILE = "WUCME_C_WWW_EXAMPLE_ORG.PEM";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final Map<String, String> shown = new LinkedHashMap<>();
    private Path folder = Path.of("");
    private User user = User.in(folder);

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        user = User.of(ca, temporary);
        shows(user.here().toString(), "/etc/wucme");
        shows(ca.directoryUrl(), "https://ca.example/directory");
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void theUrlOfTheCaIsWrong() throws Exception {
        String wrong = ca.directoryUrl() + "-v3";

        assertReadmeShows("check ca --ca https://ca.example/directory-v3", user.wucme("check", "ca", "--ca", wrong));
    }

    @Test
    void thePortsAreTaken() throws Exception {
        user.registered();
        try (ServerSocket http = new ServerSocket(0);
                ServerSocket tls = new ServerSocket(0)) {
            shows("port " + http.getLocalPort(), "port 80");
            shows("port " + tls.getLocalPort(), "port 443");

            assertReadmeShows(
                    "issue www.example.org",
                    user.with("WUCME_HTTP_PORT", String.valueOf(http.getLocalPort()))
                            .with("WUCME_TLS_PORT", String.valueOf(tls.getLocalPort()))
                            .wucme("issue", "www.example.org"));
        }
    }

    @Test
    void thisUserMayNotUseThePort() throws Exception {
        assumeTrue(firstFreePort() > 443, "this machine lets everybody listen on port 443");
        user.registered();

        assertReadmeShows(
                "issue www.example.org",
                withoutPrivileges(
                        user.with("WUCME_HTTP_PORT", "80").with("WUCME_TLS_PORT", "443"), "issue", "www.example.org"));
    }

    @Test
    void thisUserMayNotWriteTheFolder() throws Exception {
        user.registered();
        assertThat(user.here().toFile().setWritable(false)).isTrue();

        assertReadmeShows("issue www.example.org", withoutPrivileges(user, "issue", "www.example.org"));
    }

    @Test
    void theNameLeadsNowhere() throws Exception {
        user.registered();
        try (DnsServer dns = DnsServer.start()) {
            User.Run run = user.wucme(
                    "doctor",
                    "www.invalid",
                    "--resolver",
                    "127.0.0.1:" + dns.address().getPort());

            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertReadmeShows("doctor www.invalid", problemsOf(run));
        }
    }

    @Test
    void theDiskIsFull() throws Exception {
        user.registered().wucme("issue", "www.example.org");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                exitOf("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString()) == 0,
                "a disk of one's own needs root, and the right to mount one");
        try {
            assertThat(exitOf("cp", "-a", user.here() + "/.", disk.toString())).isZero();
            fill(disk.resolve("filler"));
            shows(disk.toString(), "/etc/wucme");

            assertReadmeShows(
                    "issue www.example.org --force",
                    user.with("WUCME_HERE", disk.toString()).wucme("issue", "www.example.org", "--force"));
        } finally {
            assertThat(exitOf("umount", "-l", disk.toString())).isZero();
        }
    }

    @Test
    void aCertificateFileIsBroken() throws Exception {
        user.registered();
        Files.writeString(user.file(FILE), "-----BEGIN CERTIFICATE-----\nMIIB\n");

        assertReadmeShows("issue www.example.org", user.wucme("issue", "www.example.org"));
    }

    @Test
    void theClockIsWrong() throws Exception {
        ca.clockSkew(Duration.ofDays(3));
        user.registered();

        User.Run run = user.wucme("doctor", "www.invalid");
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertReadmeShows("doctor www.example.org", clockOf(run));
        assertReadmeShows("issue www.example.org", user.wucme("issue", "www.example.org"));
    }

    @Test
    void twoAgentsAreStarted() throws Exception {
        user.registered();
        try (AgentProcess first = AgentProcess.start(user)) {
            first.await("active:");
            try (AgentProcess second = AgentProcess.start(user)) {
                String standby = second.await("standby:");

                assertReadmeShows("agent", standby);
            }
        }
    }

    @Test
    void aLoadActionFails() throws Exception {
        Path hook = Files.writeString(
                folder.resolve("reload"), "#!/bin/sh\necho 'nginx: configuration test failed'\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        shows(hook.toString(), "/usr/local/bin/reload");

        User.Run run = user.registered().with("WUCME_LOAD", hook.toString()).wucme("issue", "www.example.org");

        assertReadmeShows("issue www.example.org", run);
        assertThat(user.file(FILE)).exists();
    }

    @Test
    void theMailServerIsDown() throws Exception {
        int port = User.freePort();
        shows("127.0.0.1:" + port, "mail.example.org");
        shows("127.0.0.1, " + port, "mail.example.org, 25");

        assertReadmeShows(
                "check mail",
                user.with("WUCME_MAIL", "admin@example.org")
                        .with("WUCME_SMTP", "smtp://127.0.0.1:" + port)
                        .wucme("check", "mail"));
    }

    /** What a machine has of its own is shown otherwise. */
    private void shows(String here, String inReadme) {
        shown.put(here, inReadme);
    }

    private void assertReadmeShows(String command, User.Run run) throws IOException {
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertReadmeShows(command, run.out() + run.err());
    }

    private void assertReadmeShows(String command, String printed) throws IOException {
        String lines = printed.lines()
                .filter(line -> !line.startsWith("Picked up "))
                .filter(line -> !LOGGED.matcher(line).lookingAt() || line.contains("standby"))
                .map(line -> LOGGED.matcher(line).replaceFirst(""))
                .collect(Collectors.joining("\n"));
        assertThat(lines).isNotBlank();
        String text = "$ wucme " + command + "\n" + generalized(lines);

        // With the empty line that ends it there: it is shown to its end.
        assertThat(Files.readString(Path.of("README.md"))).contains(text.indent(4) + "\n");
    }

    private String generalized(String lines) {
        String text = lines;
        for (Map.Entry<String, String> each : shown.entrySet()) {
            text = text.replace(each.getKey(), each.getValue());
        }
        return text.replaceAll("process \\d+( on [^,]+)?", "process 4711 on www")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z", "2026-11-22T00:20:27Z")
                .replaceAll("It says 2026-11-22", "It says 2026-11-19")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "2027-02-20 00:20");
    }

    private static String problemsOf(User.Run run) {
        return run.out().lines().filter(line -> line.startsWith("PROBLEM")).collect(Collectors.joining("\n"));
    }

    private static String clockOf(User.Run run) {
        return run.out().lines().filter(line -> line.contains(" clock ")).collect(Collectors.joining("\n"));
    }

    /** As somebody who has no more rights than the owner of the folder; root has them taken away. */
    private static User.Run withoutPrivileges(User user, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Wucme.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(user.environment());
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new User.Run(process.waitFor(), printed, "");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** The first port on which anybody may listen. */
    private static int firstFreePort() throws IOException {
        Path setting = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        // Of such a file the first read gives all, whatever its size.
        return Files.exists(setting)
                ? Integer.parseInt(Files.readAllLines(setting).get(0).strip())
                : 1024;
    }

    private static int exitOf(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static void fill(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}
