package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user of this process, by the number that its files belong to: names can be changed or shared. */
public final class ProcessUser {

    static final int ROOT = 0;

    private static final Path SELF = Path.of("/proc/self");

    private ProcessUser() {}

    /**
     * Whether this process runs as root, who may change the files of all users; false where there are no such numbers.
     *
     * @throws IOException if the system does not say
     */
    public static boolean isRoot() throws IOException {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("unix") && id() == ROOT;
    }

    /** Whether a file or folder, or what a symbolic link leads to, belongs to this user; true where files have no owners. */
    public static boolean owns(Path path) throws IOException {
        return !Entry.hasOwners(path) || owner(path) == id();
    }

    /** The number; only where files have owners. */
    static int id() throws IOException {
        return Files.isDirectory(SELF) ? owner(SELF) : ownerOfNewFile();
    }

    private static int ownerOfNewFile() throws IOException {
        Path file = Files.createTempFile("wucme", null);
        try {
            return owner(file);
        } finally {
            Files.delete(file);
        }
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }
}
