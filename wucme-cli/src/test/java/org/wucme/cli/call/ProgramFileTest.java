package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the system cannot start, or starts in another way than was meant: the message says what is wrong with them. */
class ProgramFileTest {

    private Path folder = Path.of("");

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
    }

    private Command program(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("hook"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Command(List.of(file.toString()), Duration.ofSeconds(30));
    }

    private Command program(String content) throws IOException {
        return program(content.getBytes(StandardCharsets.UTF_8));
    }

    private static void run(Command command) throws IOException {
        command.run(Map.of(), "", line -> {});
    }

    private void assertSaidBeforeAndAfter(Command command, String... words) {
        assertThat(command.problem().orElse("")).contains(words);
        assertThatThrownBy(() -> run(command)).isInstanceOf(IOException.class).hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!/bin/sh\r\necho hi\r\n",
                "#! /bin/sh -e\r\nfalse\r\n",
                "#!/usr/bin/env sh\r\nfalse\r\n",
                "#!/usr/bin/env -S sh -e\r\nfalse\r\n",
                "#!/nosuch/interpreter\r\n",
                "#!/bin/sh\r"
            })
    void linesOfWindows(String script) throws Exception {
        assertSaidBeforeAndAfter(program(script), "interpreter line", "carriage return", "sed -i");
    }

    @Test
    void linesOfWindowsWithoutAnInterpreter() throws Exception {
        assertSaidBeforeAndAfter(program("nosuch-command\r\nexit 3\r\n"), "lines with a carriage return");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!/bin/sh\nexit 3\r\n",
                "#!/bin/sh\n# A script of which an editor saved only what it changed.\n\n: all is well so far\nfalse\r\nexit 3\n"
            })
    void linesOfWindowsBelowTheInterpreter(String script) throws Exception {
        Command command = program(script);

        assertThat(command.problem()).as("not every interpreter stumbles").isEmpty();
        assertThatThrownBy(() -> run(command))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("lines with a carriage return", "sed -i");
    }

    @ParameterizedTest
    @CsvSource({
        "#!/nosuch/python, /nosuch/python is not there",
        "#! /nosuch/python -u, /nosuch/python is not there",
        "#!/etc, /etc is a folder",
        "#!/etc/passwd, /etc/passwd is not a program",
        "#!/usr/bin/env nosuch-python, nosuch-python is in none of the folders of PATH",
        "#!/usr/bin/env nosuch-python -u, nosuch-python -u is in none of the folders of PATH",
        "#!/usr/bin/env -S nosuch-python -u, nosuch-python is in none of the folders of PATH",
        "#!/usr/bin/env -S A=b nosuch-python -u, nosuch-python is in none of the folders of PATH"
    })
    void anInterpreterThatIsMissing(String firstLine, String problem) throws Exception {
        assertSaidBeforeAndAfter(program(firstLine + "\nexit 1\n"), "needs an interpreter", problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!/bin/sh\nexit 0\n",
                "#! /bin/sh -e\ntrue\n",
                "#!\t/usr/bin/env sh\ntrue\n",
                "#!/usr/bin/env -S A=b sh -e\ntrue\n",
                "#!/usr/bin/env -i sh\ntrue\n",
                "#!/bin/sh",
                "exit 0\n",
                "#!\nexit 0\n",
                "# a comment\nexit 0\n"
            })
    void scriptsThatRun(String script) throws Exception {
        Command command = program(script);

        assertThat(command.problem()).isEmpty();
        if (!script.contains("-i")) {
            assertThatCode(() -> run(command)).doesNotThrowAnyException();
        }
    }

    @Test
    void aByteOrderMark() throws Exception {
        assertSaidBeforeAndAfter(program("\uFEFF#!/bin/sh\nexit 3\n"), "byte order mark");
    }

    @Test
    void aFailureWithoutAnInterpreterLineNamesTheShell() throws Exception {
        Command command = program("import os\n");

        assertThat(command.problem()).isEmpty();
        assertThatThrownBy(() -> run(command))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("exit code", "no interpreter line", "/bin/sh ran it");
        assertThatThrownBy(() -> run(program("#!/bin/sh\nexit 3\n")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("ended with exit code 3");
    }

    @Test
    void machineCodeForAnotherProcessor() throws Exception {
        byte[] code = ourselves();
        code[18] = (byte) 0xFE;
        code[19] = (byte) 0xCA;

        assertSaidBeforeAndAfter(program(code), "another kind of processor");
    }

    @Test
    void machineCodeForAnotherSystem() throws Exception {
        assumeTrue(ourselves().length > 0);

        assertSaidBeforeAndAfter(
                program(new byte[] {'M', 'Z', 0, 1, 2, '\r', '\n', 0}), "neither a script nor a program");
    }

    @Test
    void machineCodeWhoseLoaderIsMissing() throws Exception {
        String code = new String(ourselves(), StandardCharsets.ISO_8859_1);
        assumeTrue(code.contains("/lib64/ld-linux"), "another loader");
        Command command =
                program(code.replace("/lib64/ld-linux", "/nosuch/ld-linu").getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> run(command)).isInstanceOf(IOException.class).hasMessageContaining("loader");
        assertThat(new Command(List.of("/bin/true"), Duration.ofSeconds(30)).problem())
                .isEmpty();
    }

    private static byte[] ourselves() throws IOException {
        Path executable = Path.of("/proc/self/exe");
        assumeTrue(Files.isReadable(executable), "only Linux tells");
        return Files.readAllBytes(executable);
    }
}
