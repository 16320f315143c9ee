package org.wucme.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the {@link PebblePrograms}, running, with its output in a file. */
final class PebbleProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Process process;
    private final Path log;

    private PebbleProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Asks whether the program serves yet; an {@link IOException} means not yet. */
    @FunctionalInterface
    interface Probe {
        void check() throws IOException;
    }

    /**
     * Starts a program and waits until it serves.
     *
     * @param folder where it runs
     * @param log takes its output, after what is there already
     * @param environment takes the place of all inherited {@code PEBBLE_} variables
     * @throws IOException if it ends or does not serve in time; the message has its output
     */
    static PebbleProcess start(
            Path folder, Path log, Map<String, String> environment, List<String> command, Probe probe)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PEBBLE_"));
        builder.environment().putAll(environment);
        PebbleProcess started = new PebbleProcess(builder.start(), log);
        try {
            started.awaitServing(command.get(0), probe);
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void awaitServing(String program, Probe probe) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                probe.check();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    String what = process.isAlive() ? " does not serve within " + START_LIMIT : " ended at once";
                    throw new IOException(program + what + ":\n" + output(), notYet);
                }
            }
            pause();
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a program of Pebble started");
        }
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** Kills the program, which has nothing to save, and waits until its ports are free. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " cannot be killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
