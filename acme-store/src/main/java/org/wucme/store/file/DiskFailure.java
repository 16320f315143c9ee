package org.wucme.store.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Set;

/** Tells what failed now from what a file system can never do. Java gives only the system's words for most of it. */
final class DiskFailure {

    // EIO, ESTALE, ENOSPC and EDQUOT.
    private static final Set<String> WORDS =
            Set.of("Input/output error", "Stale file handle", "No space left on device", "Disk quota exceeded");

    private DiskFailure() {}

    /** Whether a file system that can do it has failed; false as well where its words are those of another language. */
    static boolean is(IOException e) {
        String words = Objects.requireNonNullElse(e.getMessage(), "");
        return e instanceof ClosedChannelException || WORDS.stream().anyMatch(words::endsWith);
    }
}
