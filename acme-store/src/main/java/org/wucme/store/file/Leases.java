package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;

/**
 * The leases of a folder, each a byte of a lock file. Earlier versions lock the same bytes for certificates, deployments,
 * accounts and the active manager. Thread-safe.
 */
final class Leases {

    private final Folder folder;
    private final ActiveLock active;
    private final FencingTokens tokens;
    private final BooleanSupplier hasMoved;

    /**
     * Of a folder.
     *
     * @param hasMoved whether the store's path leads to another folder now
     */
    Leases(Folder folder, ActiveLock active, Clock clock, BooleanSupplier hasMoved) {
        this.folder = folder;
        this.active = active;
        this.tokens = new FencingTokens(folder, clock);
        this.hasMoved = hasMoved;
    }

    /** See {@link org.wucme.store.CertificateStore#lease}. */
    Optional<Lease> acquire(String name, Duration patience) throws IOException {
        boolean isActive = name.equals(LeaseNames.ACTIVE);
        Optional<LockFile.Held> lock = isActive ? active.acquire(patience) : lock(lockedName(name), patience);
        return lock.isEmpty() ? Optional.empty() : Optional.of(lease(name, lock.get(), isActive));
    }

    private Optional<LockFile.Held> lock(String lockedName, Duration patience) throws IOException {
        Path file = folder.path().resolve(FileNames.LOCK);
        return LockFile.acquire(folder, file, LockFile.byteOf(lockedName), patience);
    }

    private Lease lease(String name, LockFile.Held lock, boolean isActive) throws IOException {
        try {
            return new FileLease(
                    folder.path(), name, tokens.next(), lock, hasMoved, isActive ? active::retract : () -> {});
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The lease under which something is to be written.
     *
     * @throws IllegalArgumentException if it is of another store, or another one of this store
     */
    FileLease require(Lease lease, String name) {
        lockedName(name);
        if (lease instanceof FileLease own
                && own.folder().equals(folder.path())
                && own.name().equals(name)) {
            return own;
        }
        throw new IllegalArgumentException(
                "what is written here needs the lease " + name + " of " + folder.path() + ", not " + lease);
    }

    // Names of certificates and accounts are as earlier versions lock them; no certificate has a name like the others.
    private static String lockedName(String name) {
        int slash = name.indexOf('/');
        String rest = name.substring(slash + 1);
        return switch (name.substring(0, slash + 1)) {
            case "certificate/" -> FileNames.requireName(rest);
            case "deploy/" -> "deployments of " + FileNames.requireName(rest);
            case "account/" -> FileNames.accountNameOf(rest);
            default -> "lease " + name;
        };
    }
}
