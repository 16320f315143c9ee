package org.wucme.challenges.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;

/**
 * The answers of one type that any process presents by the same store. Any client can ask for anything, so the store is read
 * ten times a second at most, for all questions that have come by then, by one thread. What it says is not kept: each question
 * is answered by a read that begins after it arrived. Thread-safe.
 */
public final class SharedAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(SharedAnswers.class);

    private static final Duration BETWEEN_READS = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final int MOST_KEYS = 10_000;

    private final ThrottledLog unreadable = new ThrottledLog(LOG, Level.WARN, 1);
    private final ChallengeStore store;
    private final String type;
    private final Semaphore waiters;
    private final ScheduledThreadPoolExecutor reader;
    private Map<String, CompletableFuture<Optional<PendingAnswer>>> asked = new HashMap<>();
    private boolean isScheduled;
    private long earliestRead = System.nanoTime();

    /**
     * Of one store.
     *
     * @param type the type of challenges, such as {@code http-01}
     * @param waiters how many threads may {@linkplain #await wait} at the same time
     */
    public SharedAnswers(ChallengeStore store, String type, int waiters) {
        this.store = store;
        this.type = type;
        this.waiters = new Semaphore(waiters);
        this.reader = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "acme-answers-" + type);
            thread.setDaemon(true);
            return thread;
        });
        reader.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
        reader.allowCoreThreadTimeOut(true);
    }

    /**
     * Asks the store; occupies no thread meanwhile.
     *
     * @param key see {@link PendingAnswer#key}
     * @return completed within two seconds; empty if nothing is presented under this key, if the store cannot be read, or if
     *     too many ask
     */
    public CompletableFuture<Optional<PendingAnswer>> find(String key) {
        synchronized (this) {
            CompletableFuture<Optional<PendingAnswer>> same = asked.get(key);
            if (same != null) {
                return same;
            }
            CompletableFuture<Optional<PendingAnswer>> answer = new CompletableFuture<>();
            if (asked.size() >= MOST_KEYS) {
                answer.complete(Optional.empty());
                return answer;
            }
            answer.completeOnTimeout(Optional.empty(), LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            asked.put(key, answer);
            schedule();
            return answer;
        }
    }

    /** Asks as {@link #find} does, and waits; finds nothing if too many threads are waiting, or if this one is interrupted. */
    public Optional<PendingAnswer> await(String key) {
        if (!waiters.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return find(key).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            waiters.release();
        }
    }

    private void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            Future<?> unused = reader.schedule(this::read, earliestRead - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void read() {
        Map<String, CompletableFuture<Optional<PendingAnswer>>> questions = taken();
        Map<String, PendingAnswer> found = new HashMap<>();
        try {
            found(questions.keySet()).forEach(answer -> found.put(answer.key(), answer));
        } finally {
            questions.forEach((key, answer) -> answer.complete(Optional.ofNullable(found.get(key))));
        }
    }

    private synchronized Map<String, CompletableFuture<Optional<PendingAnswer>>> taken() {
        Map<String, CompletableFuture<Optional<PendingAnswer>>> questions = asked;
        asked = new HashMap<>();
        isScheduled = false;
        earliestRead = System.nanoTime() + BETWEEN_READS.toNanos();
        return questions;
    }

    private List<PendingAnswer> found(Set<String> keys) {
        try {
            return store.find(type, Set.copyOf(keys));
        } catch (IOException e) {
            unreadable.log(
                    "{} answers that other processes present cannot be read: {}", type, OneLine.of(e.toString()));
        } catch (RuntimeException e) {
            unreadable.log(
                    "unexpected error while {} answers that other processes present were read", type, Trace.of(e));
        }
        return List.of();
    }
}
