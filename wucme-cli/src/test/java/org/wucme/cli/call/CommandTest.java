package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CommandTest {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private Path folder = Path.of("");

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
    }

    private static Command shell(String script, Duration limit) {
        return new Command(List.of("/bin/sh", "-c", script), limit);
    }

    private void run(String script) throws IOException {
        shell(script, Duration.ofSeconds(60)).run(Map.of("FOLDER", folder.toString()), "", lines::add);
    }

    private static void awaitEnd(Path pids) throws IOException {
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(30)));
        }
    }

    @Test
    void linesAreToldAsTheyArePrintedWhereverTo() throws Exception {
        run("echo one; echo two >&2; echo; printf three");

        assertThat(lines).containsExactly("one", "two", "", "three");
    }

    @Test
    void aLineWithoutEndIsCutShort() throws Exception {
        run("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");

        assertThat(lines).hasSize(2).last().isEqualTo("end");
        assertThat(lines.peek()).hasSize(Output.LONGEST_LINE);
    }

    @Test
    void aFailureTellsTheLastLineAndNoControlCharacters() {
        assertThatThrownBy(() -> run("echo first; printf 'it is \\033[31mbroken\\n\\n'; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessage("/bin/sh ended with exit code 3: it is [31mbroken");
        assertThatThrownBy(() -> run("exit 4")).hasMessage("/bin/sh ended with exit code 4");
    }

    @Test
    void afterTheTimeLimitItIsKilledWithAllThatItStarted() throws Exception {
        // The shell would go on with its last line if it were killed after its children, whose killing takes a while.
        String script = """
                echo $$ >>$FOLDER/pids
                sleep 600 &
                first=$!
                echo $first >>$FOLDER/pids
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                    sh -c 'sleep 600; touch $FOLDER/went-on' &
                    echo $! >>$FOLDER/pids
                done
                wait $first
                touch $FOLDER/went-on
                """;
        Path pids = folder.resolve("pids");

        assertThatThrownBy(() ->
                        shell(script, Duration.ofSeconds(2)).run(Map.of("FOLDER", folder.toString()), "", lines::add))
                .hasMessage("/bin/sh was not done in 2 s, and was killed");
        assertThat(pids).content().hasLineCount(22);
        awaitEnd(pids);
        assertThat(folder.resolve("went-on")).doesNotExist();
    }

    @Test
    void aProgramThatDoesNotReadItsInputIsKilledAfterTheTimeLimitToo() {
        assertThatThrownBy(() ->
                        shell("sleep 600", Duration.ofSeconds(1)).run(Map.of(), "x".repeat(1_000_000), lines::add))
                .hasMessage("/bin/sh was not done in 1 s, and was killed");
    }

    @Test
    void aProgramReadsAllOfALongInput() throws Exception {
        shell("wc -c", Duration.ofSeconds(60)).run(Map.of(), "x".repeat(1_000_000), line -> lines.add(line.strip()));

        assertThat(lines).containsExactly("1000000");
    }

    @Test
    void whatCannotBeStartedIsKnownBeforeAndSaidThen() throws Exception {
        Path data = Files.writeString(folder.resolve("data"), "");

        assertThat(List.of("/bin/sh", "sh"))
                .allSatisfy(program -> assertThat(new Command(List.of(program), Duration.ofSeconds(1)).problem())
                        .isEmpty());
        assertProblem(folder + "/nosuch", "is not there");
        assertProblem("nosuch-program", "is in none of the folders of PATH");
        assertProblem(data.toString(), "is not a program that this user may run", "chmod +x");
        assertProblem(folder.toString(), "is a folder");
    }

    private void assertProblem(String program, String... words) {
        Command command = new Command(List.of(program, "T0KEN"), Duration.ofSeconds(1));

        String problem = command.problem().orElseThrow();
        assertThat(problem).startsWith("the program " + program + " ").contains(words);
        assertThatThrownBy(() -> command.run(Map.of(), "", lines::add))
                .isInstanceOf(IOException.class)
                .hasMessage(problem);
    }

    @Test
    void whoeverIsInterruptedKillsIt() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<String> started = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                shell("echo $$ >$FOLDER/pids; echo started; sleep 600", Duration.ofMinutes(10))
                        .run(Map.of("FOLDER", folder.toString()), "", started::complete);
            } catch (InterruptedIOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        thread.start();
        assertThat(started.get(30, TimeUnit.SECONDS)).isEqualTo("started");

        thread.interrupt();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        awaitEnd(folder.resolve("pids"));
    }

    @Test
    void wordsAreSplitAtBlanksButNotInQuotationMarks() {
        assertThat(Command.words("  scp  'a b' --to=\"c d\"'e' \"\" $HOME;*\t|x "))
                .containsExactly("scp", "a b", "--to=c de", "", "$HOME;*", "|x");
        assertThat(Command.words("a \"it's\" '\"'")).containsExactly("a", "it's", "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "mail 'x", "mail \"x", "mail x'"})
    void whatIsNoCommandIsSaidToBeNone(String line) {
        assertThatThrownBy(() -> Command.words(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a program and its arguments");
    }
}
