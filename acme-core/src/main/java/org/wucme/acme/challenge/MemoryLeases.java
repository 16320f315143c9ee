package org.wucme.acme.challenge;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Leases among the threads of one process, which are never lost. */
final class MemoryLeases {

    private static final Duration LONGEST = Duration.ofDays(1000);

    private final Lock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Set<String> held = new HashSet<>();
    private long lastToken;

    Optional<Lease> claim(String name, Duration patience) throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(name);
        }
        try {
            long nanos = nanos(patience);
            while (held.contains(name)) {
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = released.awaitNanos(nanos);
            }
            held.add(name);
            lastToken++;
            return Optional.of(new Held(name, lastToken));
        } catch (InterruptedException e) {
            throw interrupted(name);
        } finally {
            lock.unlock();
        }
    }

    private static long nanos(Duration patience) {
        return patience.compareTo(LONGEST) < 0 ? patience.toNanos() : LONGEST.toNanos();
    }

    private static InterruptedIOException interrupted(String name) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the lease " + name);
    }

    private void release(String name) {
        lock.lock();
        try {
            held.remove(name);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Held implements Lease {

        private final String name;
        private final long token;
        private final AtomicBoolean closed = new AtomicBoolean();

        Held(String name, long token) {
            this.name = name;
            this.token = token;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public boolean isHeld() {
            return !closed.get();
        }

        @Override
        public void onLost(Runnable action) {
            Objects.requireNonNull(action, "action");
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release(name);
            }
        }
    }
}
