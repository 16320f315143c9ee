package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file system has no locks, as NFS without a lock service. */
final class NoLocksException extends IOException {

    NoLocksException(Path file, IOException cause) {
        super(
                file + " cannot be locked: " + cause.getMessage()
                        + ". Processes would get in each other's way: choose a folder on a file system with locks, such as"
                        + " a local disk, or, on NFS, have its lock service run",
                cause);
    }
}
