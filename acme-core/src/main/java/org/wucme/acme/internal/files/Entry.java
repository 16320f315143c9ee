package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

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

    static Entry at(Path path) throws IOException {
        return new Entry(number(path, "unix:uid"), number(path, "unix:mode"));
    }

    /** How many names a file has. */
    static int names(Path path) throws IOException {
        return number(path, "unix:nlink");
    }

    /** Whether there are entries like this where a path leads. */
    static boolean hasOwners(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static int number(Path path, String attribute) throws IOException {
        return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
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
