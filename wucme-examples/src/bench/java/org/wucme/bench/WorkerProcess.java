package org.wucme.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A {@link Worker}, seen from outside. */
final class WorkerProcess implements AutoCloseable {

    private final Process process;
    private final Writer steps;
    private final BufferedReader answers;

    /** Starts a worker on the same class path, with the JVM's defaults. */
    WorkerProcess(String contender, String directoryUrl, Path settingFolder) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        contender,
                        directoryUrl,
                        settingFolder.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        steps = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Lets the worker do a line of steps.
     *
     * @throws IOException if it failed, or was not done in time; it is of no use any more then
     */
    Reading run(String line, Duration limit) throws IOException {
        steps.write(line + "\n");
        steps.flush();
        String answer = answer(line, limit);
        if (answer == null || answer.startsWith("failed")) {
            throw new IOException("the worker " + (answer == null ? "ended" : answer));
        }
        return Reading.parse(answer);
    }

    private @Nullable String answer(String line, Duration limit) throws IOException {
        CompletableFuture<@Nullable String> answer = CompletableFuture.supplyAsync(this::readLine);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            throw new IOException("not done within " + limit.toSeconds() + " s: " + line, e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private @Nullable String readLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            return "failed: " + e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
