package org.wucme.tls;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Deadline;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.internal.Threads;
import org.wucme.tls.Aliases.Named;

/**
 * Loads keys for handshakes: one load per certificate at a time, on a few threads of its own, so that a store that hangs
 * neither delays the handshakes of other certificates nor collects threads. Thread-safe.
 *
 * <p>All handshakes that need a key wait for its one load, and none of them beyond the load's deadline. JSSE asks up to fifty
 * times in one handshake, so a load that failed is not repeated at once.
 */
final class KeyLoads implements AutoCloseable {

    static final int THREADS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(KeyLoads.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Function<String, @Nullable Named> read;
    private final Duration limit;
    private final StateChanges states = new StateChanges();
    private final Map<String, Load> loads = new ConcurrentHashMap<>();
    private final ExecutorService threads = Threads.pool(THREADS, "wucme-certificate-keys");

    /**
     * Loads nothing yet.
     *
     * @param read reads the key of a certificate, or gives null
     * @param limit how long a load is waited for; zero if not at all
     */
    KeyLoads(Function<String, @Nullable Named> read, Duration limit) {
        this.read = read;
        this.limit = limit;
    }

    /**
     * A load.
     *
     * @param key null if it failed
     * @param deadline until when it is waited for; of one that failed, until when it is not repeated
     */
    private record Load(CompletableFuture<@Nullable Named> key, Deadline deadline) {

        boolean isOver() {
            return key.isDone() && deadline.hasPassed();
        }

        boolean isLate() {
            return !key.isDone() && deadline.hasPassed();
        }

        boolean hasFailed() {
            return key.isDone() && !deadline.hasPassed();
        }
    }

    /** A deadline for one call of the key manager that begins now. */
    Deadline deadline() {
        return Deadline.after(limit);
    }

    /** Loads a key; null if that fails or takes too long, or did so a moment ago. */
    @Nullable
    Named load(String name, Deadline call) {
        Load load =
                loads.compute(name, (unused, present) -> present == null || present.isOver() ? begin(name) : present);
        Duration left = load.deadline().remaining();
        return await(name, load, left.compareTo(call.remaining()) < 0 ? left : call.remaining());
    }

    private Load begin(String name) {
        Load load = new Load(new CompletableFuture<>(), deadline());
        try {
            threads.execute(() -> run(name, load));
        } catch (RejectedExecutionException e) {
            // Closed: what is not in memory is not served anymore.
            load.key().complete(null);
        }
        return load;
    }

    private void run(String name, Load load) {
        Named key = null;
        try {
            key = read.apply(name);
        } catch (RuntimeException | Error e) {
            LOG.error("certificate {}: unexpected error while its key was loaded", name, Trace.of(e));
        } finally {
            if (key == null) {
                loads.put(name, new Load(CompletableFuture.completedFuture(null), Deadline.after(PAUSE_AFTER_FAILURE)));
            } else {
                loads.remove(name);
            }
            if (!load.deadline().hasPassed()) {
                states.becomesRight(name);
            }
            load.key().complete(key);
            loads.values().removeIf(Load::isOver);
        }
    }

    private @Nullable Named await(String name, Load load, Duration patience) {
        try {
            return load.key().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (!limit.isZero() && states.becomesWrong(name, "late")) {
                LOG.warn(
                        "certificate {}: its key was not loaded within {} ms; until it is, handshakes for it get the fallback",
                        name,
                        limit.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.debug("certificate {}: its key was not loaded", name, Trace.of(e));
        }
        return null;
    }

    /** Whether a load is late, or failed a moment ago. */
    boolean isUnavailable(String name) {
        Load load = loads.get(name);
        return load != null && (load.isLate() || load.hasFailed());
    }

    /** Lets a load be repeated that failed a moment ago. */
    void forgetFailure(String name) {
        loads.computeIfPresent(name, (unused, load) -> load.key().isDone() ? null : load);
    }

    /** Interrupts all loads. What is not in memory is not loaded anymore. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
