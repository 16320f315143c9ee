package org.wucme.cli.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

/**
 * The active role of this process for the store of its agents: kept from the moment when one gets it until the last one has
 * closed its ports, so that a reload hands it to no standby. It is one store's: where a reload opens another one, such as behind
 * a symbolic link that was switched, that one's is acquired, and the other one's released. Thread-safe; only
 * {@link #acquire} waits.
 */
public final class ActiveRole implements AutoCloseable {

    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    /** @param folder the store's, without symbolic links */
    private record Held(Path folder, Lease lock) {}

    /** Whether this process has it for a store. */
    public boolean isHeld(FileStore store) {
        Held now = held.get();
        return now != null && now.folder().equals(store.path());
    }

    /** As {@link org.wucme.manage.ActiveLock#acquire}; closing what this returns leaves the role with this process. */
    Optional<Lease> acquire(FileStore store, Duration patience) throws IOException {
        Held before = held.get();
        if (!isHeld(store)) {
            // First the new one, so that there is no moment without any.
            Optional<Lease> lock = store.lease(LeaseNames.ACTIVE, patience);
            replace(before, lock.isEmpty() ? null : new Held(store.path(), lock.get()));
        }
        Held now = held.get();
        return now != null && isHeld(store) ? Optional.of(new Kept(now.lock())) : Optional.empty();
    }

    // A role that was closed in the meantime stays closed.
    private void replace(@Nullable Held before, @Nullable Held next) {
        Held unused = held.compareAndSet(before, next) ? before : next;
        if (unused != null) {
            unused.lock().close();
        }
    }

    /** Lets a standby have it. */
    @Override
    public void close() {
        Held last = held.getAndSet(null);
        if (last != null) {
            last.lock().close();
        }
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
