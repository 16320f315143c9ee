package org.wucme.store.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.wucme.acme.challenge.Lease;

/** A lease that expires by the clock of a {@link MemoryStore}. Thread-safe. */
final class MemoryLease implements Lease {

    private final MemoryLeases leases;
    private final String name;
    private final long token;
    private final List<Runnable> onLost = new ArrayList<>();
    private Instant until;
    private boolean isLost;
    private boolean isClosed;

    MemoryLease(MemoryLeases leases, String name, long token, Instant until) {
        this.leases = leases;
        this.name = name;
        this.token = token;
        this.until = until;
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
        loseIfExpired();
        return isHeldStill();
    }

    private synchronized boolean isHeldStill() {
        return !isLost && !isClosed;
    }

    private synchronized boolean isExpired() {
        return !leases.now().isBefore(until);
    }

    private void loseIfExpired() {
        if (isHeldStill() && isExpired()) {
            lose();
        }
    }

    /** Extends it, unless it is lost already. */
    void renew(Instant newEnd) {
        loseIfExpired();
        synchronized (this) {
            if (!isLost && !isClosed) {
                until = newEnd;
            }
        }
    }

    void lose() {
        List<Runnable> actions;
        synchronized (this) {
            if (isLost || isClosed) {
                return;
            }
            isLost = true;
            actions = List.copyOf(onLost);
        }
        actions.forEach(Runnable::run);
    }

    @Override
    public void onLost(Runnable action) {
        boolean isTooLate;
        synchronized (this) {
            isTooLate = isLost;
            onLost.add(action);
        }
        if (isTooLate) {
            action.run();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        leases.release(this);
    }

    @Override
    public String toString() {
        return "MemoryLease[" + name + ", token " + token + "]";
    }
}
