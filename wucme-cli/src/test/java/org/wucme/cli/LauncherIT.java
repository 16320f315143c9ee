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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.Intruder;

/**
 * Starts the packaged command as a user does: on the Java that runs the build, or on one that only writes down how it is
 * called, since to make an archive takes seconds.
 */
class LauncherIT {

    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final Path BUILT = Path.of("target").toAbsolutePath();

    /** No archive is made where this is given: it would be in a folder that a test is about to delete. */
    private static final String NO_ARCHIVE = "-Xshare:auto";

    private static final List<String> IN_CONTAINER = List.of("unshare", "--pid", "--fork", "--mount-proc");

    private static final String SHOW_CLASSES = NO_ARCHIVE + " -Xlog:class+load:stderr";

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
        environment.put("WUCME_JAVA_OPTS", NO_ARCHIVE);
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
        Path jdk = pretendJava("jdk");

        assertThat(run(absolute, "--prepare").exit()).isZero();
        assertThat(usesArchive(jdk, absolute)).isTrue();
        assertThat(usesArchive(jdk, relative)).isTrue();
        assertThat(names(bin)).containsExactly("absolute");
        assertThat(runIn(home, List.of("./relative", "version")).exit()).isZero();
        assertThat(runIn(home, List.of("sh", "relative", "version")).exit()).isZero();
        assertThat(runIn(home, List.of("env", "absolute", "version")).exit()).isZero();
    }

    @Test
    void theFirstRunOfACopyMakesItsArchiveInTheBackground() throws Exception {
        Path folder = install("copy");
        environment.remove("WUCME_JAVA_OPTS");

        Result first = run(folder.resolve("wucme"), "version");
        awaitArchives(folder, 1);

        assertThat(first.exit()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isTrue();
    }

    @Test
    void ofManyThatStartTogetherOneMakesTheArchive() throws Exception {
        Path folder = install("copy");
        Path jdk = pretendJava("jdk", "while [ $(grep -c -e -jar '%s') -lt 5 ]; do sleep 0.01; done");
        environment.remove("WUCME_JAVA_OPTS");
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starts.add(start(folder, List.of(folder.resolve("wucme").toString(), "version")));
        }
        for (Process start : starts) {
            assertThat(start.waitFor(50, TimeUnit.SECONDS)).isTrue();
        }
        awaitArchives(folder, 1);

        assertThat(calls(jdk)).filteredOn(line -> line.contains("-Xshare:dump")).hasSize(1);
    }

    @Test
    void prepareMakesTheArchiveAtOnce() throws Exception {
        Path folder = install("copy");
        Path jdk = pretendJava("jdk");

        Result result = run(folder.resolve("wucme"), "--prepare");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(archives(folder)).hasSize(1);
        assertThat(names(folder)).hasSize(4);
        assertThat(usesArchive(jdk, folder.resolve("wucme"))).isTrue();
    }

    @Test
    void oneJavaHasOneArchiveHoweverItsPathIsSpelled() throws Exception {
        Path launcher = install("copy").resolve("wucme");
        Path folder = temporary.resolve("copy");
        Path jdk = pretendJava("jdk");
        run(launcher, "--prepare");
        List<String> made = names(folder);
        Path link = Files.createSymbolicLink(temporary.resolve("link"), jdk);

        environment.put("JAVA_HOME", link.toString());
        assertThat(usesArchive(jdk, launcher)).isTrue();
        environment.put("JAVA_HOME", jdk + "/bin/..");
        assertThat(usesArchive(jdk, launcher)).isTrue();
        environment.remove("JAVA_HOME");
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        assertThat(usesArchive(jdk, launcher)).isTrue();

        assertThat(names(folder)).isEqualTo(made);
    }

    @Test
    void twoJavasHaveAnArchiveEachUntilOneIsGone() throws Exception {
        Path folder = install("copy");
        Path one = pretendJava("one");
        run(folder.resolve("wucme"), "--prepare");
        String first = archives(folder).get(0);
        Path other = pretendJava("other");
        run(folder.resolve("wucme"), "--prepare");

        assertThat(archives(folder)).hasSize(2).contains(first);

        Files.delete(other.resolve("bin/java"));
        environment.put("JAVA_HOME", one.toString());
        Files.setLastModifiedTime(folder.resolve("wucme.jar"), FileTime.from(Instant.parse("2020-02-02T02:02:02Z")));
        run(folder.resolve("wucme"), "--prepare");

        assertThat(archives(folder)).containsExactly(first);
    }

    @Test
    void runsFromAFolderWithBlanksAndSignsInItsName() throws Exception {
        Path folder = install("some where $else *");

        Result result = run(folder.resolve("wucme"), "no such command");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("no such command");
    }

    @Test
    void anotherJarMakesAnotherArchive() throws Exception {
        Path folder = install("upgraded");
        Path launcher = folder.resolve("wucme");
        Path jdk = pretendJava("jdk");
        run(launcher, "--prepare");
        Files.setLastModifiedTime(folder.resolve("wucme.jar"), FileTime.from(Instant.parse("2020-02-02T02:02:02Z")));

        assertThat(usesArchive(jdk, launcher)).isFalse();
        assertThat(run(launcher, "--prepare").exit()).isZero();
        assertThat(usesArchive(jdk, launcher)).isTrue();
        assertThat(archives(folder)).hasSize(1);
    }

    @Test
    void aBrokenArchiveIsIgnored() throws Exception {
        Path folder = install("broken");
        Path jdk = pretendJava("jdk");
        run(folder.resolve("wucme"), "--prepare");
        assertThat(usesArchive(jdk, folder.resolve("wucme"))).isTrue();
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nexec '" + JAVA_HOME + "/bin/java' \"$@\"\n");

        Result result = run(folder.resolve("wucme"), "version");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isNotBlank();
        assertThat(runShowingClasses(folder.resolve("wucme")).usedArchive()).isFalse();
    }

    @Test
    void inAFolderThatCannotBeWrittenTheArchiveGoesToTheUsersCache() throws Exception {
        Path folder = install("readonly");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path jdk = pretendJava("jdk");

        Result prepared = runUnprivileged(folder.resolve("wucme"), "--prepare");
        runUnprivileged(folder.resolve("wucme"), "version");

        assertThat(prepared.exit()).isZero();
        assertThat(usedArchive(jdk)).isTrue();
        assertThat(names(folder)).containsExactly("wucme", "wucme.jar");
        assertThat(archives(home.resolve(".cache/wucme"))).hasSize(1);
    }

    @Test
    void rootTakesNoArchiveFromTheHomeOfAnotherUser() throws Exception {
        Path folder = install("copy");
        Path jdk = pretendJava("jdk");
        run(folder.resolve("wucme"), "--prepare");
        Path cache = Files.createDirectory(temporary.resolve("cache"));
        for (String file : names(folder)) {
            if (file.endsWith(".jsa") || file.endsWith(".key")) {
                Files.move(folder.resolve(file), cache.resolve(file));
            }
        }
        Files.createDirectory(home.resolve(".cache"));
        Files.createSymbolicLink(home.resolve(".cache/wucme"), cache);
        assertThat(usesArchive(jdk, folder.resolve("wucme"))).isTrue();

        Intruder.give(home);
        assertThat(usesArchive(jdk, folder.resolve("wucme"))).isFalse();
    }

    @Test
    void whereNothingCanBeWrittenItRunsWithoutAnArchive() throws Exception {
        Path folder = install("readonly");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));

        Result result = runUnprivileged(folder.resolve("wucme"), "version");
        Result prepared = runUnprivileged(folder.resolve("wucme"), "--prepare");

        assertThat(result.exit()).isZero();
        assertThat(result.usedArchive()).isFalse();
        assertThat(prepared.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(prepared.err()).contains(folder.toString());
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void findsJavaOnThePath() throws Exception {
        environment.remove("JAVA_HOME");
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), JAVA_HOME.resolve("bin/java"));
        environment.put("PATH", bin + ":" + System.getenv("PATH"));

        assertThat(run(BUILT.resolve("wucme"), "version").exit()).isZero();
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

    @ParameterizedTest
    @ValueSource(strings = {"version", "agent"})
    void aJavaThatDoesNotStartIsAFailure(String command) throws Exception {
        environment.put("WUCME_JAVA_OPTS", "-XX:NoSuchOption");

        Result result = run(BUILT.resolve("wucme"), command, "--here", home.toString());

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("NoSuchOption");
    }

    @Test
    void aBrokenJarIsAFailure() throws Exception {
        Path folder = install("broken");
        Files.writeString(folder.resolve("wucme.jar"), "no jar");

        assertThat(run(folder.resolve("wucme"), "version").exit()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void nothingToDoIsOneThroughTheLauncher() throws Exception {
        Path store = Files.createDirectory(home.resolve("store"));
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));

        assertThat(run(BUILT.resolve("wucme"), "status", "--here", store.toString())
                        .exit())
                .isEqualTo(ExitCode.NOTHING_TO_DO);
    }

    @Test
    void withoutALocaleNamesAreUtf8() throws Exception {
        for (Map<String, String> locale : List.of(
                Map.<String, String>of(), Map.of("LC_ALL", "C"), Map.of("LANG", "POSIX"), Map.of("LC_CTYPE", "C"))) {
            environment.keySet().removeAll(List.of("LANG", "LC_ALL", "LC_CTYPE"));
            environment.putAll(locale);
            Path store = Files.createDirectories(home.resolve("Zertifikate für Bücher"));
            Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));

            Result result = run(BUILT.resolve("wucme"), "status", "--here", store.toString());

            assertThat(result.err()).doesNotContain("Exception");
            assertThat(result.exit()).as(String.valueOf(locale)).isEqualTo(ExitCode.NOTHING_TO_DO);
        }
    }

    @Test
    void aLocaleOfTheUsersIsKept() throws Exception {
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("WUCME_JAVA_OPTS", "-XshowSettings:properties");

        assertThat(run(BUILT.resolve("wucme"), "version").err()).contains("sun.jnu.encoding = UTF-8");
    }

    @Test
    void aSignalReachesJava() throws Exception {
        Path folder = install("signal");
        Path vm = Files.createDirectories(temporary.resolve("jdk/bin"));
        Path java = vm.resolve("java");
        Files.writeString(java, "#!/bin/sh\ntrap 'exit 143' TERM\necho up >&2\nsleep 40 & wait\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(temporary.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
        environment.put("JAVA_HOME", temporary.resolve("jdk").toString());

        Process process = start(folder, List.of(folder.resolve("wucme").toString(), "manage"));
        while (!Files.readString(temporary.resolve("err")).contains("up")) {
            Thread.onSpinWait();
        }
        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    /** How the launcher comes to be the first process, and the parent of what other programs leave behind. */
    private enum First {
        /** In a container. */
        OF_A_CONTAINER,
        /**
         * Where none can be made: a copy of the launcher that takes itself for the first, and takes over a child that was
         * started before it.
         */
        BY_ITS_OWN_ACCOUNT
    }

    static List<First> first() throws Exception {
        return succeeds(IN_CONTAINER, "true") ? List.of(First.values()) : List.of(First.BY_ITS_OWN_ACCOUNT);
    }

    @ParameterizedTest
    @MethodSource("first")
    void asTheFirstProcessTheAgentLeavesNoZombies(First first) throws Exception {
        Path launcher = installFor(first);
        Path orphan = temporary.resolve("orphan");
        String leaveOrphan = "sleep 0.1 & echo $! >" + orphan;
        environment.put(
                "JAVA_HOME", fakeJava("""
                #!/bin/sh
                case "$*" in *-version*) exit ;; esac
                [ -e %1$s ] || sh -c '%2$s'
                tries=0
                while [ -e /proc/$(cat %1$s) ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
                [ -e /proc/$(cat %1$s) ] && echo zombie || echo "gone, parent $PPID"
                exit 10
                """.formatted(orphan, leaveOrphan)).toString());
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");

        Path parent = temporary.resolve("parent");
        String become = "echo $$ >" + parent + "; exec " + launcher + " agent";

        Result result = first == First.OF_A_CONTAINER
                ? runIn(home, join(IN_CONTAINER, "sh", "-c", become))
                : runIn(home, List.of("sh", "-c", leaveOrphan + "; " + become));

        assertThat(result.out()).isEqualTo("gone, parent " + Files.readString(parent));
        assertThat(result.exit()).isEqualTo(1);
    }

    private Path installFor(First first) throws IOException {
        Path launcher = install("container").resolve("wucme");
        if (first == First.BY_ITS_OWN_ACCOUNT) {
            String script = Files.readString(launcher);
            assertThat(script).containsOnlyOnce("[ $$ -ne 1 ]");
            Files.writeString(launcher, script.replace("[ $$ -ne 1 ]", "[ $$ -ne $$ ]"));
        }
        return launcher;
    }

    private static boolean succeeds(List<String> prefix, String program) throws Exception {
        return new ProcessBuilder(join(prefix, program)).start().waitFor() == 0;
    }

    private static List<String> join(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    @Test
    void theHeapIsBoundedWhateverTheMachineHas() throws Exception {
        environment.put("WUCME_JAVA_OPTS", "-XshowSettings:vm");

        assertThat(run(BUILT.resolve("wucme"), "version").err()).contains("Max. Heap Size: 512.00M");
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

    /**
     * The Java to be used from now on, which only writes down how it is called, and makes archives at once that no real one can
     * use.
     */
    private Path pretendJava(String name) throws IOException {
        return pretendJava(name, ":");
    }

    /** @param work what it does before it makes an archive; a format for the file of calls */
    private Path pretendJava(String name, String work) throws IOException {
        Path jdk = Files.createDirectories(temporary.resolve(name));
        Path calls = Files.createFile(jdk.resolve("calls"));
        Files.setPosixFilePermissions(calls, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path java = Files.createDirectory(jdk.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                echo "$*" >>'%s'
                for option; do
                    case $option in
                        -XX:SharedArchiveFile=*) archive=${option#*=} ;;
                    esac
                done
                case "$*" in
                    *-Xshare:dump*) %s; echo nothing >"$archive" ;;
                esac
                """.formatted(calls, work.formatted(calls)));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(JAVA_HOME.resolve("release"), jdk.resolve("release"));
        environment.put("JAVA_HOME", jdk.toString());
        return jdk;
    }

    private static List<String> calls(Path jdk) throws IOException {
        return Files.readAllLines(jdk.resolve("calls"));
    }

    private boolean usesArchive(Path jdk, Path launcher) throws Exception {
        assertThat(run(launcher, "version").exit()).isZero();
        return usedArchive(jdk);
    }

    private static boolean usedArchive(Path jdk) throws IOException {
        List<String> calls = calls(jdk);
        String last = calls.get(calls.size() - 1);
        assertThat(last).endsWith(" version");
        return last.contains("-XX:SharedArchiveFile=");
    }

    private static List<String> archives(Path folder) throws IOException {
        return names(folder).stream()
                .filter(name -> name.matches("wucme-\\d+-\\d+\\.jsa"))
                .toList();
    }

    /** Waits until that many archives are complete and nothing else is being made. */
    private static void awaitArchives(Path folder, int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (names(folder).size() != 2 + 2 * count || archives(folder).size() != count) {
            assertThat(System.nanoTime()).as("%s", names(folder)).isLessThan(deadline);
            Thread.sleep(50);
        }
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
        String before = environment.put("WUCME_JAVA_OPTS", SHOW_CLASSES);
        try {
            return run(launcher, "version");
        } finally {
            environment.put("WUCME_JAVA_OPTS", before == null ? "" : before);
        }
    }

    // Nothing is read-only to root.
    private Result runUnprivileged(Path launcher, String argument) throws Exception {
        environment.put("WUCME_JAVA_OPTS", SHOW_CLASSES);
        List<String> command = List.of(launcher.toString(), argument);
        return System.getProperty("user.name").equals("root") ? runIn(home, asNobody(command)) : runIn(home, command);
    }

    private static List<String> asNobody(List<String> command) {
        return join(
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"), command.toArray(String[]::new));
    }

    private Result runIn(Path folder, List<String> command) throws Exception {
        Process process = start(folder, command);
        if (!process.waitFor(50, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " does not exit");
        }
        return new Result(
                process.exitValue(),
                Files.readString(temporary.resolve("out")),
                Files.readString(temporary.resolve("err")));
    }

    private Process start(Path folder, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(temporary.resolve("out").toFile())
                .redirectError(temporary.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
