package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file with a password in its first line: no other process sees it, unlike arguments. */
public final class SecretFile {

    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);

    private SecretFile() {}

    /**
     * Who else can read or change a file that should be kept secret, in words that follow its path; empty if only its owner
     * can, and its group read it, or if it is a pipe.
     *
     * @throws IOException if it is missing
     */
    static Optional<String> exposure(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix") || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
        if (modes.contains(PosixFilePermission.OTHERS_READ)) {
            return Optional.of("can be read by all users of this machine (chmod go-w,o-r)");
        }
        boolean isWritable =
                modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.GROUP_WRITE);
        return isWritable ? Optional.of("can be changed by other users (chmod go-w,o-r)") : Optional.empty();
    }

    /**
     * Its first line with something in it, without blanks around that. A warning is logged if other users can read or change
     * the file.
     *
     * @throws IOException if it cannot be read, or is empty; the message names the file
     */
    public static String read(Path file) throws IOException {
        exposure(file).ifPresent(exposure -> LOG.warn("{} {}, and it contains a password", file, exposure));
        return TextFile.read(file)
                .strip()
                .lines()
                .findFirst()
                .map(String::strip)
                .orElseThrow(() -> new IOException(file + " is empty, where a password is expected"));
    }
}
