package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file or folder that a user other than root and the user of this process can change, so that what is read there may be
 * that user's, and what is written may go wherever that user likes.
 *
 * @param path the file or folder itself
 * @param reason words that complete a sentence which begins with the path, such as {@code belongs to alice}
 */
public record Exposure(Path path, String reason) {

    /**
     * The first exposure on the way to a file or folder, itself included. Symbolic links are followed, and the folders that
     * they lead through are part of the way. A folder that others may write is none if it is sticky (like {@code /tmp}) and the
     * entry used in it is root's or this user's; nor is a folder that a user other than root shares with a group. As much of the
     * path as exists is checked.
     *
     * @return empty if there is none, or the file system has no POSIX owners and modes
     * @throws IOException if the way cannot be followed
     */
    public static Optional<Exposure> of(Path path) throws IOException {
        return Optional.ofNullable(Way.to(path).exposure());
    }

    /** The path and the reason. */
    @Override
    public String toString() {
        return path + " " + reason;
    }
}
