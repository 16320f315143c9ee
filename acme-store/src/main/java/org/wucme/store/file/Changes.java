package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import org.wucme.store.StoreException;

/** Runs changes of a folder one after the other, in all threads and processes: under the lock of the store. Thread-safe. */
final class Changes {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Folder folder;

    Changes(Folder folder) {
        this.folder = folder;
    }

    interface Change<T> {
        T run() throws IOException;
    }

    <T> T run(Change<T> change) throws IOException {
        return permitted(() -> {
            try (LockFile.Held lock = lockStore()) {
                return change.run();
            }
        });
    }

    /** Runs something; where it may not, the exception says what to do. */
    static <T> T permitted(Change<T> change) throws IOException {
        try {
            return change.run();
        } catch (AccessDeniedException e) {
            throw Folder.permissionDenied("write", e.getFile(), e);
        }
    }

    private LockFile.Held lockStore() throws IOException {
        Path file = folder.path().resolve(FileNames.LOCK);
        return LockFile.acquire(folder, file, LockFile.FIRST, PATIENCE)
                .orElseThrow(() -> new StoreException("another process has held the store in " + folder.path() + " for "
                        + PATIENCE.toSeconds() + " seconds: look whether one hangs, and end it"));
    }
}
