package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, listed anew only when the folder's time of modification says that files came, went, or were renamed:
 * a folder of ten thousand certificates is asked for each of them. Backups are left out. Thread-safe.
 *
 * @see Folder#list
 */
final class RecentListing {

    // File systems tell time in steps; a change within the step in which a listing was taken would not be seen.
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Folder folder;
    private volatile @Nullable Taken last;

    RecentListing(Folder folder) {
        this.folder = folder;
    }

    /** The files there are now. */
    Listing get() throws IOException {
        return take().listing;
    }

    /** The certificate files there are now, by the names of the certificates. */
    Map<String, Path> certificates() throws IOException {
        return take().certificates;
    }

    private Taken take() throws IOException {
        FileTime modified = folder.lastModified();
        Taken known = last;
        if (known != null && known.modified.equals(modified)) {
            return known;
        }
        boolean isSettled = modified.toInstant().plus(STEP).isBefore(Instant.now());
        Listing listing = folder.list().withoutBackups();
        Taken taken = new Taken(modified, listing, listing.certificates());
        last = isSettled ? taken : null;
        return taken;
    }

    private record Taken(FileTime modified, Listing listing, Map<String, Path> certificates) {}
}
