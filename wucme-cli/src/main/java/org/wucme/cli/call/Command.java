package org.wucme.cli.call;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.wucme.acme.internal.text.OneLine;

/** A program of the administrator's with its arguments, to be run without a shell, for a bounded time. Immutable. */
public final class Command {

    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']++|\"[^\"]*+\"|'[^']*+')++");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final List<String> words;
    private final Duration limit;

    /**
     * Known word by word.
     *
     * @param words the program, then its arguments
     * @param limit when it is killed, with all that it started
     */
    public Command(List<String> words, Duration limit) {
        this.words = List.copyOf(words);
        this.limit = limit;
    }

    /**
     * The words of a line, separated by blanks; what has blanks in it stands in quotation marks, double or single. Nothing
     * else has a meaning.
     *
     * @throws IllegalArgumentException if there is none, or quotation marks do not end; the message does not show it
     */
    public static List<String> words(String line) {
        List<String> words = WORD.matcher(line)
                .results()
                .map(word -> QUOTED.matcher(word.group()).replaceAll("$1$2"))
                .toList();
        if (words.isEmpty()
                || words.get(0).isBlank()
                || !WORD.matcher(line).replaceAll("").isBlank()) {
            throw new IllegalArgumentException(
                    "this is not a program and its arguments: there is none, or a quotation mark"
                            + " has no other one");
        }
        return words;
    }

    /** The program, without its arguments, which may be secrets. */
    public String program() {
        return words.get(0);
    }

    /** What follows the program; may be secret. */
    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** The same program with other arguments. */
    public Command with(List<String> arguments) {
        List<String> changed = new ArrayList<>(List.of(program()));
        changed.addAll(arguments);
        return new Command(changed, limit);
    }

    /**
     * Runs it to its end. Of our environment it has PATH, HOME, the language, the time zone and where the store is; the rest
     * may be secret.
     *
     * @param environment further variables
     * @param input what it can read; a program that does not read it does no harm
     * @param line told of each line that it prints, as it prints it; from another thread. A long line is cut short
     * @throws IOException if it cannot be started, must not be run by root, fails, or is not done in time; then it is killed,
     *     with what it started
     */
    public void run(Map<String, String> environment, String input, Consumer<String> line) throws IOException {
        Process process = start(environment);
        try {
            Output output = new Output(process.getInputStream(), line);
            CompletableFuture<?> end = CompletableFuture.runAsync(output::read, Command::start);
            // From another thread: a program that does not read must not keep us from the time limit.
            start(() -> write(process, input));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program() + " was not done in " + limit.toSeconds() + " s, and was killed");
            }
            awaitLastWords(end);
            if (process.exitValue() != 0) {
                String last = OneLine.of(output.lastLine()).strip();
                throw new IOException(program() + " ended with exit code " + process.exitValue()
                        + (last.isEmpty() ? "" : ": " + last)
                        + new Program(program())
                                .likelyReason()
                                .map("; it "::concat)
                                .orElse(""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + program() + " ran");
        } finally {
            if (process.isAlive()) {
                kill(process.toHandle());
            }
        }
    }

    // The file that was checked is run, whatever appears in the folders of PATH meanwhile.
    private Process start(Map<String, String> environment) throws IOException {
        Program program = new Program(program());
        Path file = program.file().orElseThrow(() -> new IOException(program.absence()));
        Optional<String> exposure = program.exposure(file);
        if (exposure.isPresent()) {
            throw new IOException(exposure.get());
        }
        List<String> command = new ArrayList<>(words);
        command.set(0, file.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(PassedOn.of(System.getenv()));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    program() + " cannot be started: "
                            + program.flaw().map("it "::concat).orElse(reason(e)),
                    e);
        }
    }

    // The file is there, and its interpreter: what the system misses is the loader that a program of another system
    // names.
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No such file")
                ? "the system lacks the loader that it names, so it was built for another one, such as one with another C"
                        + " library (" + message + ")"
                : message;
    }

    /** Why it could not be run now, as far as its file tells; empty if nothing speaks against it. */
    public Optional<String> problem() {
        Program program = new Program(program());
        return program.file().isEmpty()
                ? Optional.of(program.absence())
                : exposure().or(() -> program.flaw().map(flaw -> "the program " + program() + " " + flaw));
    }

    /**
     * Why root must not run it: another user could change what it does. Empty for other users, and for a program that does
     * not exist yet; that one is checked when it is run.
     */
    public Optional<String> exposure() {
        Program program = new Program(program());
        return program.file().flatMap(program::exposure);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "input or output of a command");
        thread.setDaemon(true);
        thread.start();
    }

    private static void write(Process process, String input) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It does not want to read.
        }
    }

    // What it started and left behind may hold its output open for ever.
    private static void awaitLastWords(CompletableFuture<?> end) throws InterruptedException {
        try {
            end.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It has said enough.
        }
    }

    // Parents first: a shell whose child is killed would go on with its next line.
    private static void kill(ProcessHandle process) {
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(Command::kill);
    }

    /** The program alone; its arguments may be secrets. */
    @Override
    public String toString() {
        return program();
    }
}
