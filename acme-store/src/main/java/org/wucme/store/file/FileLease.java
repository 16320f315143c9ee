package org.wucme.store.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.StoreConflictException;

/**
 * A lease of a folder: a lock of the operating system, which is lost only with the process. It counts as lost for what is yet
 * to be begun when the store's path leads to another folder; what was begun is still stored under it. Thread-safe.
 */
final class FileLease implements Lease {

    private final Path folder;
    private final String name;
    private final long token;
    private final LockFile.Held lock;
    private final BooleanSupplier hasMoved;
    private final Runnable farewell;
    private final List<Runnable> onLost = new ArrayList<>();
    private boolean isLost;
    private boolean isClosed;

    /**
     * A lease that is held.
     *
     * @param hasMoved whether the store's path leads to another folder now
     * @param farewell run once, before the lock is released
     */
    FileLease(Path folder, String name, long token, LockFile.Held lock, BooleanSupplier hasMoved, Runnable farewell) {
        this.folder = folder;
        this.name = name;
        this.token = token;
        this.lock = lock;
        this.hasMoved = hasMoved;
        this.farewell = farewell;
    }

    /** The store that it is a lease of. */
    Path folder() {
        return folder;
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
        if (!ownsLock()) {
            return false;
        }
        if (hasMoved.getAsBoolean()) {
            lose().forEach(Runnable::run);
        }
        return isHeldStill();
    }

    private boolean ownsLock() {
        return lock.isHeld();
    }

    /**
     * Whether what was begun under it may be stored: in the folder where it was begun, wherever the store's path leads now. To
     * be asked while the lock of the store is held.
     */
    void requireLock() throws StoreConflictException {
        if (!ownsLock()) {
            throw new StoreConflictException("the lease " + name + " is not held any more: nothing was changed");
        }
    }

    private synchronized boolean isHeldStill() {
        return !isLost && !isClosed;
    }

    private synchronized List<Runnable> lose() {
        isLost = true;
        List<Runnable> actions = List.copyOf(onLost);
        onLost.clear();
        return actions;
    }

    @Override
    public void onLost(Runnable action) {
        if (isLostAlready(action)) {
            action.run();
        }
    }

    private synchronized boolean isLostAlready(Runnable action) {
        if (!isLost && !isClosed) {
            onLost.add(action);
        }
        return isLost;
    }

    @Override
    public void close() {
        if (end()) {
            farewell.run();
            lock.close();
        }
    }

    private synchronized boolean end() {
        boolean isFirst = !isClosed;
        isClosed = true;
        onLost.clear();
        return isFirst;
    }

    @Override
    public String toString() {
        return "FileLease[" + name + ", token " + token + "]";
    }
}
