package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.internal.files.ProcessUser;

/** What root refuses to run; only root can give a file to another user. */
class ProgramTest {

    private static final int OTHER_USER = 65534;

    private Path folder = Path.of("");
    private Path script = Path.of("");

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        assumeTrue(ProcessUser.isRoot());
        folder = Files.createDirectory(temporary.resolve("bin"));
        script = script(folder.resolve("hook"), "#!/bin/sh\necho done\n");
    }

    private static Path script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        setMode(file, 0755);
        return file;
    }

    private static void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void giveAway(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", OTHER_USER, LinkOption.NOFOLLOW_LINKS);
    }

    private static Command command(Path program) {
        return new Command(List.of(program.toString(), "T0KEN"), Duration.ofSeconds(30));
    }

    private static List<String> run(Path program) throws IOException {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        command(program).run(Map.of(), "", lines::add);
        return List.copyOf(lines);
    }

    private static void assertRefused(Path program, String reason) {
        assertThat(command(program).exposure().orElseThrow())
                .startsWith("the program " + program + " is not run as root: ")
                .contains(reason)
                .doesNotContain("T0KEN");
        assertThat(command(program).problem()).isEqualTo(command(program).exposure());
        assertThatThrownBy(() -> run(program)).isInstanceOf(IOException.class).hasMessageContaining(reason);
    }

    @Test
    void whatOnlyRootCanChangeIsRun() throws Exception {
        assertThat(command(script).exposure()).isEmpty();
        assertThat(run(script)).containsExactly("done");
    }

    @Test
    void aStickyFolderPassesForRootsOwnProgram() throws Exception {
        setMode(folder, 01777);
        assertThat(run(script)).containsExactly("done");

        giveAway(script);
        assertRefused(script, script + " belongs to");
    }

    @ParameterizedTest
    @CsvSource({"'', 777", "'', 775", "hook, 757", "hook, 775"})
    void whatOthersCanWriteIsRefused(String part, String mode) throws Exception {
        setMode(folder.resolve(part), Integer.parseInt(mode, 8));

        assertRefused(script, "can be written by");
    }

    @ParameterizedTest
    @CsvSource({"''", "hook"})
    void whatBelongsToAnotherUserIsRefused(String part) throws Exception {
        giveAway(folder.resolve(part));

        assertRefused(script, "belongs to");
    }

    @Test
    void theFoldersBehindASymbolicLinkCountToo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolveSibling("link"), script);
        assertThat(run(link)).containsExactly("done");

        setMode(folder, 0777);
        assertRefused(link, folder + " can be written by all users");
    }

    @Test
    void theInterpreterCountsToo() throws Exception {
        Path interpreters = Files.createDirectory(folder.resolveSibling("interpreters"));
        Path shell = Files.copy(Path.of("/bin/sh"), interpreters.resolve("sh"));
        setMode(shell, 0755);
        Path program = script(folder.resolve("other"), "#! " + shell + " -e\necho done\n");
        assertThat(run(program)).containsExactly("done");

        giveAway(interpreters);
        assertRefused(program, interpreters + " belongs to");
    }

    @Test
    void aProgramIsCheckedEachTimeThatItIsRun() throws Exception {
        Command command = command(script);
        assertThat(command.exposure()).isEmpty();

        setMode(folder, 0777);
        assertThatThrownBy(() -> command.run(Map.of(), "", line -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder + " can be written by all users");
    }

    @Test
    void oneThatDoesNotExistYetIsNotRefused() {
        assertThat(command(folder.resolve("later")).exposure()).isEmpty();
    }
}
