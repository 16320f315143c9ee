package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wucme.acme.internal.files.ProcessUser;

/** Whose folder the certificates lie in: what root writes there, the owner's agent could not read. */
final class FolderOwner {

    private FolderOwner() {}

    /**
     * Has nobody but the owner work in a folder, where the system would not keep others from it.
     *
     * @param folder where the certificates are; nothing happens if it is not there
     * @throws IOException if this is root, and the folder is somebody else's; the message says what to do
     */
    static void require(Path folder) throws IOException {
        if (ProcessUser.isRoot()
                && Files.exists(folder)
                && !Files.getAttribute(folder, "unix:uid").equals(0)) {
            throw refusal(folder, Files.getOwner(folder).getName());
        }
    }

    // Its files are not given to the owner afterwards: by their path, root might be led to give away another one.
    static IOException refusal(Path folder, String owner) {
        // A user without a name is shown by its number.
        String name = owner.matches("[0-9]+") ? "'#" + owner + "'" : owner;
        return new IOException(folder.toAbsolutePath() + " belongs to " + owner
                + ", who could not read what root writes there: run this as that user (sudo -u " + name
                + " wucme --here " + folder.toAbsolutePath() + " …)");
    }
}
