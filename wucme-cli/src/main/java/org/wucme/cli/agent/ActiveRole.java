package org.wucme.cli.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

/**
 * The active role of this process for the store of its agents: kept from the moment when one gets it until the last one has
 * closed its ports, so that a reload hands it to no standby. It is one store's: where a reload opens another one, such as behind
 * a symbolic link that was switched, that one's is acquired first, and the other one's released when an agent is started with it. A
 * standby that opens another store leaves the active process some time to follow. Thread-safe; only {@link #acquire} waits.
 */
public final class ActiveRole implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveRole.class);
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(100);

    /** How long the active process may take to stop an order and read its settings, when both get SIGHUP at the same time. */
    static final Duration HEAD_START = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final Map<Path, Lease> held = new HashMap<>();
    private @Nullable Path latest;
    private @Nullable Long notBefore;
    private boolean isClosed;

    /** Of no store yet. */
    public ActiveRole() {
        this(System::nanoTime);
    }

    ActiveRole(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether this process has it for a store. */
    public synchronized boolean isHeld(FileStore store) {
        return held.containsKey(store.path());
    }

    /** As {@link org.wucme.manage.ActiveLock#acquire}; closing what this returns leaves the role with this process. */
    Optional<Lease> acquire(FileStore store, Duration patience) throws IOException {
        Optional<Lease> present = present(store);
        if (present.isPresent() || isLeftToOthers(store.path())) {
            return present;
        }
        store.lease(LeaseNames.ACTIVE, patience).ifPresent(lease -> keep(store.path(), lease));
        return present(store);
    }

    private Optional<Lease> present(FileStore store) {
        Lease lease = leaseOf(store.path());
        return lease != null && lease.isHeld() ? Optional.of(new Kept(lease)) : Optional.empty();
    }

    private synchronized @Nullable Lease leaseOf(Path folder) {
        return held.get(folder);
    }

    private synchronized boolean isLeftToOthers(Path folder) {
        boolean isOther = latest != null && !latest.equals(folder);
        latest = folder;
        if (isOther && held.isEmpty()) {
            notBefore = nanoTime.getAsLong() + HEAD_START.toNanos();
        }
        if (notBefore == null || nanoTime.getAsLong() - notBefore >= 0) {
            notBefore = null;
        }
        return notBefore != null;
    }

    private void keep(Path folder, Lease lease) {
        Lease unused = put(folder, lease);
        if (unused != null) {
            unused.close();
        }
    }

    // A role that was closed in the meantime stays closed.
    private synchronized @Nullable Lease put(Path folder, Lease lease) {
        return isClosed ? lease : held.put(folder, lease);
    }

    /** Before the active agent of this process ends: makes it the active one for the store of the next agent too, if it can. */
    public void follow(FileStore next) {
        if (!isHeldForAny() || isHeld(next)) {
            return;
        }
        try {
            acquire(next, SHORT_PATIENCE);
        } catch (IOException e) {
            LOG.debug("not the active process of {} yet", next, Trace.of(e));
        }
    }

    private synchronized boolean isHeldForAny() {
        return !held.isEmpty();
    }

    /** Once an agent is started: lets others have it for all other stores. */
    public void leaveOthers(FileStore store) {
        takeOthers(store.path()).forEach(Lease::close);
    }

    private synchronized List<Lease> takeOthers(@Nullable Path folder) {
        Lease kept = folder == null ? null : held.remove(folder);
        List<Lease> others = new ArrayList<>(held.values());
        held.clear();
        if (folder != null && kept != null) {
            held.put(folder, kept);
        }
        return others;
    }

    /** Lets a standby have it. */
    @Override
    public void close() {
        end().forEach(Lease::close);
    }

    private synchronized List<Lease> end() {
        isClosed = true;
        return takeOthers(null);
    }

    /** What a manager is handed: the lease of the role, which stays with this process when the manager closes it. */
    private record Kept(Lease role) implements Lease {

        @Override
        public String name() {
            return role.name();
        }

        @Override
        public long token() {
            return role.token();
        }

        @Override
        public boolean isHeld() {
            return role.isHeld();
        }

        @Override
        public void onLost(Runnable action) {
            role.onLost(action);
        }

        @Override
        public void close() {}
    }
}
