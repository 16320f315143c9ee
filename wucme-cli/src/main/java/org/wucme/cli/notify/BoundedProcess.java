package org.wucme.cli.notify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program without a shell, for a bounded time, and keeps a bounded part of what it prints. */
final class BoundedProcess {

    private static final int MOST_OUTPUT = 4096;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final String SECRET = "_PASSWORD";

    private BoundedProcess() {}

    /**
     * Runs it to its end.
     *
     * @param environment variables beside our own
     * @param input what it can read; a program that does not read it does no harm
     * @return what it printed, the beginning of it at least
     * @throws IOException if it cannot be started, fails, or is not done in time; then it is killed
     */
    static String run(List<String> command, Map<String, String> environment, String input, Duration limit)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.endsWith(SECRET));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> read(process), BoundedProcess::start);
            write(process, input);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " was not done in " + limit.toSeconds() + " s, and was killed");
            }
            String printed = lastWords(output);
            if (process.exitValue() != 0) {
                throw new IOException(command.get(0) + " ended with exit code " + process.exitValue()
                        + (printed.isBlank() ? "" : ": " + printed.strip()));
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + command.get(0) + " ran");
        } finally {
            kill(process);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "output of a command");
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

    // Reads on when enough is kept: a program must not wait for a reader.
    private static String read(Process process) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[MOST_OUTPUT];
        try (InputStream in = process.getInputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                kept.write(buffer, 0, Math.min(length, MOST_OUTPUT - kept.size()));
            }
        } catch (IOException e) {
            // It was killed.
        }
        return kept.toString(StandardCharsets.UTF_8);
    }

    // What it started and left behind may hold its output open for ever.
    private static String lastWords(CompletableFuture<String> output) throws InterruptedException {
        try {
            return output.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "";
        }
    }

    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
