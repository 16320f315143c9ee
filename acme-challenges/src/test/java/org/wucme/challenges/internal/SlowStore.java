package org.wucme.challenges.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.PendingAnswer;

/** A store in memory that notes what it is asked, and can be held up or fail. */
public final class SlowStore implements ChallengeStore {

    private final ChallengeStore memory = ChallengeContext.inMemory().answers();
    private final List<Read> reads = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private volatile boolean isHeld;
    private volatile boolean fails;

    /** When the store was asked for what. */
    public record Read(long startNanos, Set<String> keys) {}

    /** All reads so far. */
    public List<Read> reads() {
        return reads;
    }

    /** How many reads were running at the same time, at most. */
    public int mostRunning() {
        return mostRunning.get();
    }

    /** Lets reads wait from now on. */
    public void hold() {
        isHeld = true;
    }

    /** Lets all reads pass. */
    public void release() {
        isHeld = false;
    }

    /** Lets reads and writes fail, or no longer. */
    public void fail(boolean always) {
        fails = always;
    }

    @Override
    public void put(PendingAnswer answer) throws IOException {
        requireReachable();
        memory.put(answer);
    }

    @Override
    public void remove(PendingAnswer answer) throws IOException {
        requireReachable();
        memory.remove(answer);
    }

    @Override
    public List<PendingAnswer> find(String type, Collection<String> keys) throws IOException {
        reads.add(new Read(System.nanoTime(), Set.copyOf(keys)));
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            while (isHeld) {
                LockSupport.parkNanos(1_000_000);
            }
            requireReachable();
            return memory.find(type, keys);
        } finally {
            running.decrementAndGet();
        }
    }

    private void requireReachable() throws IOException {
        if (fails) {
            throw new IOException("the store is not reached");
        }
    }
}
