package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.cli.call.Command;

class CommandTargetTest {

    private Path folder = Path.of("");

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
    }

    private String script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    private CommandTarget command(String script, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(script(script)));
        command.addAll(List.of(arguments));
        return new CommandTarget(new Command(command, Duration.ofSeconds(30)));
    }

    @Test
    void aProgramLearnsByItsEnvironmentWhatHappened() throws Exception {
        String answer = command("echo \"$WUCME_EVENT|$WUCME_SEVERITY|$WUCME_CERTIFICATE|$WUCME_NAMES|$WUCME_FILES|"
                        + "$WUCME_TIME|$WUCME_HOST|$WUCME_SUBJECT\"")
                .send(Samples.notice(Samples.renewed()));

        assertThat(answer)
                .startsWith("done: renewed|success|WWW_EXAMPLE_ORG|www.example.org example.org|"
                        + "/etc/wucme/WUCME_C_WWW_EXAMPLE_ORG.PEM|2026-11-22T00:20:01.500Z|web1.example.org|"
                        + "www.example.org and 1 more: renewed");
    }

    @Test
    void aProgramCanReadTheText() throws Exception {
        assertThat(command("cat").send(Samples.notice(Samples.failed("no"))))
                .isEqualTo(
                        "done: " + Samples.notice(Samples.failed("no")).text().strip());
        assertThat(command("exit 0").send(Samples.notice(Samples.failed("no")))).isEqualTo("done");
    }

    @Test
    void argumentsAreGivenAsTheyAre() throws Exception {
        String answer = command("printf '<%s>' \"$@\"", "a b", "*", "$HOME; exit 9", "")
                .send(Samples.notice(Samples.renewed()));

        assertThat(answer).isEqualTo("done: <a b><*><$HOME; exit 9><>");
    }

    @Test
    void aLineIsSplitAtBlanksButNotInQuotationMarks() throws Exception {
        String script = script("printf '<%s>' \"$@\"");

        assertThat(CommandTarget.parse(script + "  a 'b \"c' \"d  'e\" ''").send(Samples.notice(Samples.renewed())))
                .isEqualTo("done: <a><b \"c><d  'e><>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "mail 'x", "mail \"x"})
    void whatIsNoCommandIsSaidToBeNone(String line) {
        assertThatThrownBy(() -> CommandTarget.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a program and its arguments");
    }

    @Test
    void oneThatFailsSaysHow() {
        assertThatThrownBy(() -> command("echo it is broken >&2; exit 3").send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("script ended with exit code 3: it is broken");
        assertThatThrownBy(() -> CommandTarget.parse("/no/such/program").send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void oneThatDoesNotEndIsKilledWithWhatItStarted() throws Exception {
        Path pids = folder.resolve("pids");
        CommandTarget target = new CommandTarget(new Command(
                List.of(script("sleep 600 & echo $! >" + pids + "; echo $$ >>" + pids + "; wait")),
                Duration.ofSeconds(2)));

        assertThatThrownBy(() -> target.send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("was not done in 2 s, and was killed");
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(30)));
        }
    }

    @Test
    void onlyTheBeginningOfMuchOutputIsKept() throws Exception {
        String answer = command("head -c 1000000 /dev/zero | tr '\\0' x").send(Samples.notice(Samples.renewed()));

        assertThat(answer).hasSize(4096 + "done: ".length()).endsWith("x");
    }

    @Test
    void whatAProgramLeavesBehindIsNotWaitedFor() throws Exception {
        assertThat(command("sleep 5 & exit 0").send(Samples.notice(Samples.renewed())))
                .isEqualTo("done");
    }

    @Test
    void oneThatFailsAtFirstIsRunAgain() throws Exception {
        Path tries = folder.resolve("tries");
        Watched target =
                new Watched(command("echo \"$WUCME_EVENT\" >>" + tries + "; test $(wc -l <" + tries + ") -ge 3"));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitSuccess();
        }
        assertThat(Files.readAllLines(tries)).containsExactly("renewed", "renewed", "renewed");
    }
}
