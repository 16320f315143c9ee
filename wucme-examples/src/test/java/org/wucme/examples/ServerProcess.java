package org.wucme.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wucme.testing.ChildJvm;

/** A {@link ManagedServer} that is killed and started again, and what its processes told. Closing it kills the last one. */
final class ServerProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final ChildJvm jvm;
    private final String[] arguments;
    private final List<Outage> outages = new ArrayList<>();
    private final Queue<BigInteger> stored = new ConcurrentLinkedQueue<>();
    private final Queue<String> orders = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile Instant newest = Instant.EPOCH;
    private @Nullable Running running;

    private record Running(Process process, Thread reader, BlockingQueue<String> lines) {}

    /** From one moment to another of {@link System#nanoTime}. */
    private record Outage(long begin, long end) {

        boolean touches(long from, long to) {
            return begin - to <= 0 && end - from >= 0;
        }
    }

    ServerProcess(ChildJvm jvm, String... arguments) {
        this.jvm = jvm;
        this.arguments = arguments.clone();
    }

    /** Starts it, and returns when it serves. */
    void start() throws IOException, InterruptedException {
        Process process = jvm.start(ManagedServer.class, arguments);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(process, lines), "what a server tells");
        running = new Running(process, reader, lines);
        reader.start();
        if (!awaitLine(ManagedServer.SERVING, LONGEST_START)) {
            throw new IOException("the server did not start within " + LONGEST_START);
        }
        endOutage();
    }

    /** Forgets what was told so far, and waits for a line that begins so; false if there is none in time. */
    boolean awaitNext(String beginning, Duration patience) throws InterruptedException {
        Objects.requireNonNull(running).lines().clear();
        return awaitLine(beginning, patience);
    }

    private boolean awaitLine(String beginning, Duration patience) throws InterruptedException {
        BlockingQueue<String> lines = Objects.requireNonNull(running).lines();
        long end = System.nanoTime() + patience.toNanos();
        String line;
        do {
            line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } while (line != null && !line.startsWith(beginning));
        return line != null;
    }

    /** Kills it by SIGKILL, and returns when nothing is left of it. */
    @Override
    public void close() throws InterruptedException {
        Running last = running;
        if (last == null) {
            return;
        }
        beginOutage();
        // Through its handle, since the process itself would close the stream with what was not read yet.
        last.process().toHandle().destroyForcibly();
        last.process().waitFor();
        last.reader().join();
        running = null;
    }

    private synchronized void beginOutage() {
        long now = System.nanoTime();
        outages.add(new Outage(now, now + Duration.ofDays(1).toNanos()));
    }

    private synchronized void endOutage() {
        if (!outages.isEmpty()) {
            Outage last = outages.remove(outages.size() - 1);
            outages.add(new Outage(last.begin(), System.nanoTime()));
        }
    }

    /** Whether it was dead, or not up again, at any moment between two of {@link System#nanoTime}. */
    synchronized boolean wasDown(long from, long to) {
        return outages.stream().anyMatch(outage -> outage.touches(from, to));
    }

    /** When the newest certificate that it stored, as it told, begins to be valid. */
    Instant newest() {
        return newest;
    }

    /** The serial numbers of the certificates that it stored, as it told. */
    List<BigInteger> stored() {
        return List.copyOf(stored);
    }

    /** The URLs of the orders that it made, as it told. */
    List<String> orders() {
        return List.copyOf(orders);
    }

    /** Why it could not obtain a certificate, as it told. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void read(Process process, BlockingQueue<String> lines) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line);
                lines.add(line);
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    private void note(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals(ManagedServer.STORED)) {
            stored.add(new BigInteger(words[1]));
            newest = Instant.ofEpochSecond(Long.parseLong(words[2]));
        } else if (words[0].equals(ManagedServer.ORDER)) {
            orders.add(words[1]);
        } else if (words[0].equals(ManagedServer.FAILED)) {
            failures.add(line);
        }
    }
}
