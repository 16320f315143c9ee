package org.wucme.cli.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoreLock;

/**
 * The active role of this process for the store of its agents: kept from the moment when one gets it until the last one has
 * closed its ports, so that a reload hands it to no standby. Thread-safe.
 */
public final class ActiveRole implements AutoCloseable {

    private static final StoreLock KEPT = () -> {};

    private @Nullable StoreLock lock;

    /** Whether this process has it. */
    public synchronized boolean isHeld() {
        return lock != null;
    }

    /** As {@link org.wucme.manage.ActiveLock#acquire}; closing what this returns leaves the role with this process. */
    synchronized Optional<StoreLock> acquire(CertificateStore store, Duration patience) throws IOException {
        if (lock == null) {
            lock = store.lockActive(patience).orElse(null);
        }
        return lock == null ? Optional.empty() : Optional.of(KEPT);
    }

    /** Lets a standby have it. */
    @Override
    public synchronized void close() {
        StoreLock held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }
}
