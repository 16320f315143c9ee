package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.TestCa;

/** The packaged command, where cron, systemd and containers set neither a locale nor a home, nor a name for the user. */
@Timeout(200)
class BareEnvironmentIT {

    private static final int UNNAMED = 12345;
    private static final Path BUILT = Path.of("target").toAbsolutePath();

    @TempDir
    Path folder;

    private final int port = User.freePort();
    private final TestCa ca = TestCa.start().validateHttp01At(port);
    private Path script = Path.of("");
    private Path root = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        script = folder.resolve("life.sh");
        try (InputStream life = Objects.requireNonNull(getClass().getResourceAsStream("life.sh"))) {
            Files.copy(life, script);
        }
        root = Files.writeString(folder.resolve("root.pem"), Pem.encode(List.of(ca.tlsRoot())));
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void aLifeWithoutLocaleAndHome() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));

        live(List.of(), work, BUILT.resolve("wucme"), "here");

        assertKeysBelongTo(work, (int) Files.getAttribute(script, "unix:uid"));
    }

    @Test
    void aLifeOfAUserWithoutAName() throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path work = Files.createDirectory(folder.resolve("work"));
        Files.setAttribute(work, "unix:uid", UNNAMED);
        Path program = Files.createDirectory(folder.resolve("program"));
        for (String file : List.of("wucme", "wucme.jar")) {
            Files.copy(BUILT.resolve(file), program.resolve(file));
            Files.setPosixFilePermissions(program.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        live(
                List.of("setpriv", "--reuid=" + UNNAMED, "--regid=" + UNNAMED, "--clear-groups"),
                work,
                program.resolve("wucme"),
                "home");

        assertKeysBelongTo(work, UNNAMED);
    }

    private void live(List<String> as, Path work, Path launcher, String where) throws Exception {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of("sh", script.toString(), launcher.toString(), where));
        ProcessBuilder life = new ProcessBuilder(command).directory(work.toFile());
        life.environment().clear();
        life.environment()
                .putAll(Map.of(
                        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"),
                        // No archive is made in a folder that is about to be deleted.
                        "WUCME_JAVA_OPTS", "-Xshare:auto",
                        "WUCME_CA", ca.directoryUrl(),
                        "WUCME_CA_BUNDLE", root.toString(),
                        "WUCME_HTTP_PORT", String.valueOf(port)));
        Path output = folder.resolve("output");
        Process process =
                life.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean isOver = process.waitFor(150, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();

        String text = Files.readString(output);
        assertThat(isOver).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(text)
                .contains("# wucme revoke")
                .doesNotContain("Exception", "unexpected", "\uFFFD", "Z?rtif", "f?r");
    }

    private static void assertKeysBelongTo(Path work, int user) throws IOException {
        try (Stream<Path> all = Files.walk(work)) {
            List<Path> keys = all.filter(file -> file.getFileName().toString().matches("WUCME_[CK]_.*|privkey.pem"))
                    .toList();
            assertThat(keys).hasSizeGreaterThan(4);
            for (Path key : keys) {
                assertThat(Files.getAttribute(key, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                        .isEqualTo(user);
            }
        }
    }
}
