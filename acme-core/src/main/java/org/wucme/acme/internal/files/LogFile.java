package org.wucme.acme.internal.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that lines are appended to; one that is full gets another name first. It is opened each time, so that programs that
 * move or delete it, such as logrotate, need not tell us. It may be in a folder that other users can change.
 */
public final class LogFile {

    private static final String OLD = "_OLD";

    private final Path path;
    private final long mostBytes;

    /**
     * A log.
     *
     * @param mostBytes how large it is at least before it gets another name
     */
    public LogFile(Path path, long mostBytes) {
        this.path = path;
        this.mostBytes = mostBytes;
    }

    /** The file that a full one becomes. */
    public static Path predecessor(Path file) {
        return file.resolveSibling(file.getFileName() + OLD);
    }

    /** Appends some lines. The file is for its owner only when it is made here. */
    public void append(byte[] lines) throws IOException {
        Way way = Way.to(path);
        if (!way.endIsExchangeable()) {
            appendByPath(lines);
            return;
        }
        Path end = way.end();
        try (OpenFolder folder = OpenFolder.open(end.resolveSibling("."))) {
            appendIn(folder, String.valueOf(end.getFileName()), lines);
        }
    }

    private void appendIn(OpenFolder folder, String name, byte[] lines) throws IOException {
        if (folder.size(name) > mostBytes) {
            ifPossible(() -> folder.rename(name, name + OLD));
        }
        folder.append(name, lines);
    }

    private interface Renaming {
        void run() throws IOException;
    }

    private static void ifPossible(Renaming renaming) {
        try {
            renaming.run();
        } catch (IOException e) {
            // A long log is better than none, and this is no place to log anything.
        }
    }

    private void appendByPath(byte[] lines) throws IOException {
        if (Files.isRegularFile(path) && Files.size(path) > mostBytes) {
            ifPossible(() -> Files.move(path, predecessor(path), StandardCopyOption.REPLACE_EXISTING));
        }
        Set<StandardOpenOption> appending =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(path, appending, ownersOnly()))) {
            out.write(lines);
        }
    }

    private FileAttribute<?>[] ownersOnly() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
