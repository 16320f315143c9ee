package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.challenge.Lease;
import org.wucme.manage.CertificateManager;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

/** What becomes of an agent when its program files are overwritten in place, as an upgrade by "cp" does, or its folder is another. */
class AgentDamageIT {

    private static final Duration SECONDS = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void itSaysSoAndEndsWithExitCode2SoThatItIsStartedAnew() throws Exception {
        User user = User.in(Files.createDirectory(folder.resolve("here"))).with("WUCME_HTTP_PORT", "0");
        Path programs = programsOf(CertificateManager.class);
        Path jar = copyAsJar(programs, folder.resolve("programs.jar"));
        String classPath = System.getProperty("java.class.path").replace(programs.toString(), jar.toString());
        AgentProcess started;
        try (Lease active = FileStore.open(user.here())
                .lease(LeaseNames.ACTIVE, Duration.ZERO)
                .orElseThrow()) {
            assertThat(active).isNotNull();
            started = AgentProcess.startFrom(classPath, user);
            started.await("standby:");
            overwrite(jar);
        }

        try (AgentProcess agent = started) {
            assertThat(agent.await("the program files were changed or are damaged: "))
                    .contains("java.lang.NoClassDefFoundError: org/wucme/")
                    .endsWith("; start again");
            assertThat(agent.awaitExit(SECONDS)).isEqualTo(2);
        }
    }

    @Test
    void whenItsFolderIsSwitchedItEndsSoThatItIsStartedInTheNewOne() throws Exception {
        Path link = folder.resolve("current");
        Files.createSymbolicLink(link, Files.createDirectory(folder.resolve("one")));
        Path next = Files.createSymbolicLink(folder.resolve("next"), Files.createDirectory(folder.resolve("two")));
        User user = User.in(link).with("WUCME_HTTP_PORT", "0");
        try (AgentProcess agent = AgentProcess.start(user)) {
            agent.await("active");
            agent.reportUrl();
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

            assertThat(agent.await("another one: "))
                    .contains(link + " leads to " + folder.resolve("two"))
                    .endsWith("; start again");
            assertThat(agent.awaitExit(SECONDS)).isEqualTo(2);
        }
        assertThat(folder.resolve("two")).isDirectoryNotContaining("glob:**.{LCK,JSON}");
    }

    private static Path programsOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path copyAsJar(Path programs, Path jar) throws IOException {
        if (Files.isRegularFile(programs)) {
            return Files.copy(programs, jar);
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(programs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(programs.relativize(file).toString().replace(File.separator, "/")));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    // In the same file, not as a new one of its name.
    private static void overwrite(Path jar) throws IOException {
        Files.write(jar, new byte[(int) Files.size(jar)]);
    }
}
