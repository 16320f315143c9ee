package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged command as a user does, on the Java that runs the build. */
class LauncherIT {

    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final int FEATURE = Runtime.version().feature();
    private static final Path BUILT = Path.of("target").toAbsolutePath();

    @TempDir
    Path temporary;

    private final Map<String, String> environment = new HashMap<>();
    private Path home;

    @BeforeEach
    void begin() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectory(temporary.resolve("home"));
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", home.toString());
        environment.put("JAVA_HOME", JAVA_HOME.toString());
    }

    private record Result(int exit, String out, String err) {

        boolean usedArchive() {
            return err.lines()
                    .anyMatch(line -> line.contains("org.wucme.cli.Wucme ") && line.contains("shared objects"));
        }
    }

    @Test
    void theBuildLeavesACommandThatRunsQuietlyFromItsArchive() throws Exception {
        Result result = run(BUILT.resolve("wucme"), "version");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(runShowingClasses(BUILT.resolve("wucme")).usedArchive()).isTrue();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void passesItsArgumentsAndTheExitCode() throws Exception {
        Result result = run(BUILT.resolve("wucme"), "no such command * $HOME");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("no such command * $HOME");
    }

    @Test
    void runsThroughLinksFromOtherFolders() throws Exception {
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Path absolute = Files.createSymbolicLink(
                bin.resolve("absolute"), install("installed").resolve("wucme"));
        Path relative = Files.createSymbolicLink(home.resolve("relative"), Path.of("../bin/absolute"));
        environment.put("PATH", bin + ":" + System.getenv("PATH"));

        assertThat(run(absolute, "version").exit()).isZero();
        assertThat(runShowingClasses(absolute).usedArchive()).isTrue();
        assertThat(runShowingClasses(relative).usedArchive()).isTrue();
        assertThat(names(bin)).containsExactly("absolute");
        assertThat(runIn(home, List.of("./relative", "version")).exit()).isZero();
        assertThat(runIn(home, List.of("sh", "relative", "version")).exit()).isZero();
        assertThat(runIn(home, List.of("env", "absolute", "version")).exit()).isZero();
    }

    @Test
    void aCopyInAnotherFolderMakesItsOwnArchive() throws Exception {
        Path folder = install("copy");

        Result first = run(folder.resolve("wucme"), "version");

        assertThat(first.exit()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(names(folder))
                .containsExactly("wucme", "wucme-" + FEATURE + ".jsa", "wucme-" + FEATURE + ".key", "wucme.jar");
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isTrue();
    }

    @Test
    void runsFromAFolderWithBlanksAndSignsInItsName() throws Exception {
        Path folder = install("some where $else *");

        Result result = run(folder.resolve("wucme"), "no such command");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("no such command");
    }

    @Test
    void aCopyThatTookTheArchiveAlongMakesItAnewWhenItDoesNotFit() throws Exception {
        Path folder = install("copy");
        for (String name : List.of("wucme-" + FEATURE + ".jsa", "wucme-" + FEATURE + ".key")) {
            Files.copy(BUILT.resolve(name), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }

        assertThat(run(folder.resolve("wucme"), "version").exit()).isZero();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isTrue();
    }

    @Test
    void anotherJarMakesAnotherArchive() throws Exception {
        Path folder = install("upgraded");
        run(folder.resolve("wucme"), "version");
        Files.setLastModifiedTime(folder.resolve("wucme.jar"), FileTime.from(Instant.parse("2020-02-02T02:02:02Z")));

        assertThat(run(folder.resolve("wucme"), "version").exit()).isZero();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isTrue();
    }

    @Test
    void aBrokenArchiveIsIgnored() throws Exception {
        Path folder = install("broken");
        run(folder.resolve("wucme"), "version");
        Path archive = folder.resolve("wucme-" + FEATURE + ".jsa");
        Files.delete(archive);
        Files.writeString(archive, "no archive");

        Result result = run(folder.resolve("wucme"), "version");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isFalse();
    }

    @Test
    void inAFolderThatCannotBeWrittenTheArchiveGoesToTheUsersCache() throws Exception {
        Path folder = install("readonly");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

        Result first = runUnprivileged(folder.resolve("wucme"));
        Result second = runUnprivileged(folder.resolve("wucme"));

        assertThat(first.exit()).isZero();
        assertThat(second.usedArchive()).isTrue();
        assertThat(names(folder)).containsExactly("wucme", "wucme.jar");
        assertThat(names(home.resolve(".cache/wucme")))
                .containsExactly("wucme-" + FEATURE + ".jsa", "wucme-" + FEATURE + ".key");
    }

    @Test
    void whereNothingCanBeWrittenItRunsAllTheSame() throws Exception {
        Path folder = install("readonly");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));

        Result result = runUnprivileged(folder.resolve("wucme"));

        assertThat(result.exit()).isZero();
        assertThat(result.usedArchive()).isFalse();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void findsJavaOnThePath() throws Exception {
        environment.remove("JAVA_HOME");
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Path java = Files.createSymbolicLink(bin.resolve("java"), JAVA_HOME.resolve("bin/java"));
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        Path folder = install("path");

        assertThat(run(folder.resolve("wucme"), "version").exit()).isZero();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isTrue();
        Files.delete(java);
    }

    @Test
    void saysSoWhenThereIsNoJava() throws Exception {
        environment.remove("JAVA_HOME");
        environment.put("PATH", home.toString());

        assertFails(run(BUILT.resolve("wucme"), "version"), "no Java found");
    }

    @Test
    void saysSoWhenJavaHomeIsWrong() throws Exception {
        environment.put("JAVA_HOME", home.toString());

        assertFails(run(BUILT.resolve("wucme"), "version"), "there is no " + home + "/bin/java");
    }

    @Test
    void saysSoWhenJavaIsTooOld() throws Exception {
        environment.put(
                "JAVA_HOME",
                fakeJava("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
                        .toString());
        assertFails(run(BUILT.resolve("wucme"), "version"), "is Java 1.8.0_402; wucme needs 17 or newer");

        Files.writeString(home.resolve("release"), "JAVA_VERSION_DATE=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        assertFails(run(BUILT.resolve("wucme"), "version"), "is Java 11.0.2; wucme needs 17 or newer");
    }

    @Test
    void saysSoWhenTheJarIsMissing() throws Exception {
        Path folder = install("alone");
        Files.delete(folder.resolve("wucme.jar"));

        assertFails(
                run(folder.resolve("wucme"), "version"),
                "wucme.jar is missing or cannot be read; it belongs beside " + folder.resolve("wucme"));
    }

    @Test
    void saysSoWhenJavaCannotRunThere() throws Exception {
        Path folder = install("a:b");

        assertFails(run(folder.resolve("wucme"), "version"), "a folder with a colon in its name");
    }

    @Test
    void passesOptionsToTheVm() throws Exception {
        environment.put("WUCME_JAVA_OPTS", "-Dnothing=* -XshowSettings:properties");

        assertThat(run(BUILT.resolve("wucme"), "version").err())
                .contains("nothing = *")
                .doesNotContain("wucme.terminal");
    }

    @Test
    void mailIsSentFromThePackagedJar() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try {
            environment.put("WUCME_MAIL", "admin@example.org");
            environment.put("WUCME_SMTP", "smtp://127.0.0.1:" + mail.getSmtp().getPort());
            Result result = run(BUILT.resolve("wucme"), "check", "mail");

            assertThat(result.err()).isEmpty();
            assertThat(result.exit()).isZero();
            assertThat(mail.getReceivedMessages()).hasSize(1);
        } finally {
            mail.stop();
        }
    }

    @Test
    void onlyWhatIsUsedIsLoaded() throws Exception {
        assertThat(runShowingClasses(BUILT.resolve("wucme")).err())
                .contains("org.wucme.cli.VersionCommand ")
                .doesNotContain("jakarta.mail.", "jakarta.activation.", "org.eclipse.angus.");
    }

    private static void assertFails(Result result, String message) {
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("wucme: ").contains(message).hasLineCount(1);
    }

    private Path install(String folder) throws IOException {
        Path there = Files.createDirectory(temporary.resolve(folder));
        Files.copy(BUILT.resolve("wucme.jar"), there.resolve("wucme.jar"));
        Files.copy(BUILT.resolve("wucme"), there.resolve("wucme"), StandardCopyOption.COPY_ATTRIBUTES);
        return there;
    }

    private Path fakeJava(String script) throws IOException {
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, script);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Result run(Path launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        return runIn(home, command);
    }

    private Result runShowingClasses(Path launcher) throws Exception {
        environment.put("WUCME_JAVA_OPTS", "-Xlog:class+load:stderr");
        Result result = run(launcher, "version");
        environment.remove("WUCME_JAVA_OPTS");
        return result;
    }

    // Nothing is read-only to root.
    private Result runUnprivileged(Path launcher) throws Exception {
        environment.put("WUCME_JAVA_OPTS", "-Xlog:class+load:stderr");
        List<String> command = List.of(launcher.toString(), "version");
        return System.getProperty("user.name").equals("root") ? runIn(home, asNobody(command)) : runIn(home, command);
    }

    private static List<String> asNobody(List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        all.addAll(command);
        return all;
    }

    private Result runIn(Path folder, List<String> command) throws Exception {
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(50, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " does not end");
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
