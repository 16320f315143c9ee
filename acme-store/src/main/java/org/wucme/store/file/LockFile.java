package org.wucme.store.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes are locks: of a store's file of locks, the first is for changes of the store, and there is one for each
 * certificate; of the active manager's, the first is the only one. The operating system frees them when a process ends,
 * however it ends. The file is empty and never removed.
 *
 * <p>A POSIX lock belongs to the whole process, and is lost as soon as the process closes any channel to the file. Hence
 * one channel for each file in a process, whichever stores use it: the one mutable static here.
 */
final class LockFile {

    /** The byte that is the lock of what the whole file stands for: changes of the store, or being active. */
    static final long FIRST = 0;

    /** The byte that is the lock of the file of fencing tokens; those of certificates are of 60 bits. */
    static final long TOKENS = Long.MAX_VALUE - 1;

    private static final Map<Path, LockFile> OPEN = new HashMap<>();
    private static final long POLL_MILLIS = 10;
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(365);

    private final Path path;
    private final FileChannel channel;
    private int users;

    private LockFile(Path path) throws IOException {
        this.path = path;
        this.channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** The byte that is the lock of a certificate. */
    static long byteOf(String name) {
        String hash = FileNames.sha256(name.getBytes(StandardCharsets.UTF_8));
        return 1 + Long.parseLong(hash.substring(0, 15), 16);
    }

    /**
     * Waits for a lock.
     *
     * @param path the file, which is made if need be
     * @param position the byte that is the lock
     * @return empty if it was not free in time
     * @throws NoLocksException if the file system has no locks
     */
    static Optional<Held> acquire(Folder folder, Path path, long position, Duration patience) throws IOException {
        LockFile file = enter(folder, path);
        Optional<FileLock> lock = Optional.empty();
        try {
            lock = file.await(position, patience);
        } finally {
            if (lock.isEmpty()) {
                file.leave();
            }
        }
        return lock.map(held -> new Held(file, held));
    }

    /** Whether anybody holds a lock now, in this process or another. The file must be there. */
    static boolean isHeld(Folder folder, Path path, long position) throws IOException {
        LockFile file = enter(folder, path);
        try {
            return file.isHeld(position);
        } finally {
            file.leave();
        }
    }

    private static LockFile enter(Folder folder, Path path) throws IOException {
        synchronized (OPEN) {
            @Nullable LockFile file = OPEN.get(path);
            if (file == null) {
                folder.createEmpty(path);
                file = new LockFile(path);
                OPEN.put(path, file);
            }
            file.users++;
            return file;
        }
    }

    private void leave() throws IOException {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(path);
                channel.close();
            }
        }
    }

    private synchronized Optional<FileLock> await(long position, Duration patience) throws IOException {
        Duration bounded = patience.compareTo(LONGEST_PATIENCE) < 0 ? patience : LONGEST_PATIENCE;
        long end = System.nanoTime() + bounded.toNanos();
        for (FileLock lock = tryLock(position); ; lock = tryLock(position)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (lock != null || left <= 0) {
                return Optional.ofNullable(lock);
            }
            try {
                // Woken at once by a thread of this process; another process can only be asked again and again.
                wait(Math.min(left, POLL_MILLIS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a lock in " + path);
            }
        }
    }

    private @Nullable FileLock tryLock(long position) throws IOException {
        try {
            return channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            throw notLocked(e);
        }
    }

    // Shared, so that those who only ask never take one another for a holder.
    private synchronized boolean isHeld(long position) throws IOException {
        try (FileLock lock = channel.tryLock(position, 1, true)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            throw notLocked(e);
        }
    }

    private IOException notLocked(IOException cause) {
        return DiskFailure.is(cause)
                ? new IOException(
                        path + " cannot be locked: "
                                + Objects.requireNonNullElse(cause.getMessage(), "the file was closed"),
                        cause)
                : new NoLocksException(path, cause);
    }

    private synchronized void free(FileLock lock) throws IOException {
        lock.release();
        notifyAll();
    }

    private void release(FileLock lock) {
        try {
            free(lock);
            leave();
        } catch (IOException e) {
            throw new UncheckedIOException("a lock in " + path + " could not be released", e);
        }
    }

    /** A lock that is held until closed, at the latest until this process ends. Closing twice does nothing. Thread-safe. */
    static final class Held implements AutoCloseable {

        private final LockFile file;
        private final FileLock lock;
        private boolean isClosed;

        private Held(LockFile file, FileLock lock) {
            this.file = file;
            this.lock = lock;
        }

        synchronized boolean isHeld() {
            return !isClosed && lock.isValid();
        }

        @Override
        public void close() {
            if (end()) {
                file.release(lock);
            }
        }

        private synchronized boolean end() {
            boolean isFirst = !isClosed;
            isClosed = true;
            return isFirst;
        }
    }
}
