package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Deadline;
import org.wucme.store.StoredCertificate;

/**
 * Carries out deployments on a thread of its own, one after another, so that they hold up neither planning nor renewals. Used
 * by one thread, but for {@link #close}.
 */
final class Deployer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

    private final DeploymentRuns deployments;
    private final Clock clock;
    private final Runnable whenDone;
    private final Consumer<Throwable> trouble;
    private final Set<String> inProgress = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> troubled = new ConcurrentHashMap<>();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> Listener.daemon(task, "certificate deployment"));

    /**
     * Idle at first.
     *
     * @param whenDone called when something was carried out, or failed
     * @param trouble told of what could not be written down
     */
    Deployer(DeploymentRuns deployments, Clock clock, Runnable whenDone, Consumer<Throwable> trouble) {
        this.deployments = deployments;
        this.clock = clock;
        this.whenDone = whenDone;
        this.trouble = trouble;
    }

    /** Begins what is due; returns when something else will be, or the other time if that comes first. */
    Instant begin(Collection<StoredCertificate> present, Instant now, Instant other) {
        Instant wake = other;
        for (StoredCertificate stored : present) {
            Instant due = deployments.dueAt(stored, now).orElse(Instant.MAX);
            Instant at = afterTrouble(stored.name(), due, now);
            if (!at.isAfter(now)) {
                begin(stored.name());
            } else if (at.isBefore(wake)) {
                wake = at;
            }
        }
        return wake;
    }

    // What cannot be written down would be done again at once, and for ever.
    private Instant afterTrouble(String name, Instant due, Instant now) {
        Instant until = troubled.get(name);
        if (until == null || until.isBefore(due) || until.isAfter(now.plus(AFTER_TROUBLE))) {
            return due;
        }
        return until;
    }

    private void begin(String name) {
        if (inProgress.add(name)) {
            thread.execute(() -> carryOut(name));
        }
    }

    private void carryOut(String name) {
        try {
            if (deployments.carryOutDue(name)) {
                troubled.remove(name);
            } else {
                LOG.info("another process deploys {}: looked at again in a minute", name);
                troubled.put(name, clock.instant().plus(AFTER_TROUBLE));
            }
        } catch (IOException | RuntimeException | Error e) {
            troubled.put(name, clock.instant().plus(AFTER_TROUBLE));
            trouble.accept(e);
        } finally {
            inProgress.remove(name);
        }
        whenDone.run();
    }

    /** Interrupts what is in progress; waits for nothing. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Waits for what was in progress. */
    void awaitEnd(Deadline end) throws InterruptedException {
        boolean unused = thread.awaitTermination(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }
}
