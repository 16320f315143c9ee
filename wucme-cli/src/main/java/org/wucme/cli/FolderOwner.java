package org.wucme.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose folder the certificates lie in: what root writes there, the owner's agent could not read. */
final class FolderOwner {

    /** Who may write everywhere, and is trusted by all. */
    static final String ROOT = "root";

    private FolderOwner() {}

    /**
     * Has nobody but the owner work in a folder, where the system would not keep others from it.
     *
     * @param folder where the certificates are; nothing happens if it is not there
     * @throws IOException if this is root, and the folder is somebody else's; the message says what to do
     */
    static void require(Path folder) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix") && Files.exists(folder)) {
            require(folder, Files.getOwner(folder).getName(), System.getProperty("user.name"));
        }
    }

    // Its files are not given to the owner afterwards: by their path, root might be led to give away another one.
    static void require(Path folder, String owner, String user) throws IOException {
        if (user.equals(ROOT) && !owner.equals(ROOT)) {
            // A user without a name is told by its number.
            String name = owner.matches("[0-9]+") ? "'#" + owner + "'" : owner;
            throw new IOException(folder.toAbsolutePath() + " belongs to " + owner
                    + ", who could not read what root writes there: run this as that user (sudo -u " + name
                    + " wucme --here " + folder.toAbsolutePath() + " …)");
        }
    }
}
