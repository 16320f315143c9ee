package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A file, folder or symbolic link, as lstat(2) shows it.
 *
 * @param owner the number of a user
 * @param mode type, sticky bit and permissions
 */
record Entry(int owner, int mode) {

    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int STICKY = 01000;
    private static final int GROUP_WRITE = 020;
    private static final int OTHERS_WRITE = 02;

    // In one call, or they could be those of two files that a user exchanges.
    static Entry at(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        return new Entry(number(found, "uid"), number(found, "mode"));
    }

    /** How many names a file has. */
    static int names(Path path) throws IOException {
        return number(Files.readAttributes(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS), "nlink");
    }

    /** Whether there are entries like this where a path leads. */
    static boolean hasOwners(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static int number(Map<String, Object> attributes, String name) {
        return (int) Objects.requireNonNull(attributes.get(name));
    }

    boolean isFile() {
        return (mode & TYPE) == FILE;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    boolean isStickyFolder() {
        return (mode & TYPE) == FOLDER && (mode & STICKY) != 0;
    }

    boolean isGroupWritable() {
        return (mode & GROUP_WRITE) != 0;
    }

    boolean isWorldWritable() {
        return (mode & OTHERS_WRITE) != 0;
    }
}
