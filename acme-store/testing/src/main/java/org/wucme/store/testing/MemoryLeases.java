package org.wucme.store.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The leases of a {@link MemoryStore}, of all its nodes. Thread-safe. */
final class MemoryLeases {

    private final Clock clock;
    private final Duration duration;
    private final Map<String, MemoryLease> held = new HashMap<>();
    private long lastToken;

    MemoryLeases(Clock clock, Duration duration) {
        this.clock = clock;
        this.duration = duration;
    }

    Instant now() {
        return clock.instant();
    }

    /** Empty if another holds it. */
    Optional<MemoryLease> claim(String name) {
        MemoryLease present = presentOf(name);
        if (present != null && present.isHeld()) {
            return Optional.empty();
        }
        return claimAfter(present, name);
    }

    private synchronized @Nullable MemoryLease presentOf(String name) {
        return held.get(name);
    }

    private synchronized Optional<MemoryLease> claimAfter(@Nullable MemoryLease expired, String name) {
        if (held.get(name) != expired) {
            return Optional.empty();
        }
        lastToken++;
        MemoryLease lease = new MemoryLease(this, name, lastToken, now().plus(duration));
        held.put(name, lease);
        return Optional.of(lease);
    }

    synchronized void release(MemoryLease lease) {
        held.remove(lease.name(), lease);
    }

    synchronized boolean isCurrent(MemoryLease lease) {
        return held.get(lease.name()) == lease;
    }

    boolean isHeld(String name) {
        MemoryLease lease = presentOf(name);
        return lease != null && lease.isHeld();
    }

    void renew(List<MemoryLease> leases) {
        Instant end = now().plus(duration);
        leases.forEach(lease -> lease.renew(end));
    }
}
