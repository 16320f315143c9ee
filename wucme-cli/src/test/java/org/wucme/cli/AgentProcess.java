package org.wucme.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code wucme agent} in a process of its own, and what it logs. Closing it kills it. */
final class AgentProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String REPORT = "the report is at ";

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private int seen;

    private AgentProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "log of an agent");
        reader.start();
    }

    /** Starts one, with the user's variables; its report is on any port that is free. */
    static AgentProcess start(User user, String... options) throws IOException {
        return startFrom(System.getProperty("java.class.path"), user, options);
    }

    /** As {@link #start}, from other program files. */
    static AgentProcess startFrom(String classPath, User user, String... options) throws IOException {
        List<String> command = new ArrayList<>(withSignals());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                Wucme.class.getName(),
                "agent"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("WUCME_REPORT_PORT", "0");
        builder.environment().putAll(user.environment());
        return new AgentProcess(builder.start());
    }

    // Whoever runs the tests in the background has these signals ignored, by all that they start.
    private static List<String> withSignals() throws IOException {
        List<String> env = List.of("env", "--default-signal=HUP,INT");
        List<String> trial = new ArrayList<>(env);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // Not every env knows this.
            return process.waitFor() == 0 ? env : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add(e.toString());
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** Its number. */
    long pid() {
        return process.pid();
    }

    /** Waits for a line that has a text in it, after the one that was waited for before, and returns it. */
    synchronized String await(String text) throws InterruptedException {
        int found = indexOf(text, seen);
        seen = found + 1;
        return lines.get(found);
    }

    private int indexOf(String text, int from) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int i = from; ; i++) {
            while (i >= lines.size()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("no \"" + text + "\" in time:\n" + String.join("\n", lines));
                }
                wait(left);
            }
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
    }

    /** Where its report is. */
    synchronized String reportUrl() throws InterruptedException {
        String line = lines.get(indexOf(REPORT, 0));
        return line.substring(line.indexOf(REPORT) + REPORT.length());
    }

    /** All that it has logged so far. */
    synchronized String log() {
        return String.join("\n", lines);
    }

    /** Sends a signal, such as HUP. */
    void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("the signal was not sent");
        }
    }

    /** Waits for its end, and returns its exit code. */
    int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it has not ended:\n" + log());
        }
        reader.join();
        return process.exitValue();
    }

    /** Kills it by SIGKILL. */
    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        try {
            process.waitFor();
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
