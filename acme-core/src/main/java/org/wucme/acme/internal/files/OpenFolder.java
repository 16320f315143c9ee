package org.wucme.acme.internal.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/**
 * An open folder. What is done to its entries is done in this very folder, even if its owner meanwhile leads its path
 * elsewhere; and no file is opened, or given permissions, under a name that another user can give to another file.
 *
 * <p>Symbolic links are followed only where none but root and this user can change them (see {@link Exposure}). Where the
 * system cannot hold a folder by anything but its path, as Windows and macOS cannot, root is refused in the folders of others.
 *
 * <p>Names are single names, without separators. Thread-safe.
 */
public final class OpenFolder implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFolder.class);

    private final Path path;
    private final @Nullable Descriptor descriptor;
    private final boolean isExposed;

    private OpenFolder(Path path, @Nullable Descriptor descriptor, boolean isExposed) {
        this.path = path;
        this.descriptor = descriptor;
        this.isExposed = isExposed;
    }

    /**
     * Opens a folder.
     *
     * @throws NoSuchFileException if there is none
     * @throws NotDirectoryException if it is something else
     * @throws IOException if another user's symbolic link is on the way to it, or root cannot work there safely; the message
     *     says which, and what to do
     */
    public static OpenFolder open(Path path) throws IOException {
        Way way = Way.to(path);
        if (way.exposure() == null && !way.rest().isEmpty()) {
            throw new NoSuchFileException(
                    way.reached().resolve(way.rest().get(0)).toString());
        }
        OpenFolder folder = at(way.reached(), way.exposure());
        for (Path name : way.rest()) {
            try (OpenFolder parent = folder) {
                folder = parent.entry(name.toString());
            }
        }
        return folder;
    }

    private static OpenFolder at(Path path, @Nullable Exposure exposure) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            throw new NotDirectoryException(path.toString());
        }
        if (exposure == null) {
            // Then the path is as good.
            return new OpenFolder(path, null, false);
        }
        Descriptor descriptor = Descriptor.open(path).orElse(null);
        if (descriptor == null && ProcessUser.isRoot()) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    exposure + ", and this system has no way for root to write there safely: run this as that user");
        }
        if (descriptor != null) {
            // In a sticky folder such as /tmp, its owner can exchange it.
            requireSame(path, descriptor, found);
        }
        return new OpenFolder(path, descriptor, true);
    }

    /**
     * Opens a folder in this one.
     *
     * @throws NoSuchFileException if there is none
     * @throws NotDirectoryException if it is something else
     * @throws IOException if it is a symbolic link that other users can change
     */
    public OpenFolder folder(String name) throws IOException {
        return isExposed ? entry(name) : open(path.resolve(name));
    }

    private OpenFolder entry(String name) throws IOException {
        Path child = path.resolve(name);
        BasicFileAttributes found = attributes(name);
        if (found.isSymbolicLink()) {
            throw new FileSystemException(
                    child.toString(),
                    null,
                    "this is a symbolic link in a folder that other users can change, and is not followed:"
                            + " name the folder that it leads to");
        }
        if (!found.isDirectory()) {
            throw new NotDirectoryException(child.toString());
        }
        Descriptor opened = descriptor == null ? null : opened(name);
        if (opened != null) {
            requireSame(child, opened, found);
        }
        if (opened == null && isExposed && ProcessUser.isRoot()) {
            throw new AccessDeniedException(child.toString());
        }
        return new OpenFolder(child, opened, isExposed);
    }

    private @Nullable Descriptor opened(String name) throws IOException {
        try {
            return Descriptor.open(real(name)).orElse(null);
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    private static void requireSame(Path child, Descriptor opened, BasicFileAttributes found) throws IOException {
        Object key =
                Files.readAttributes(opened.path(), BasicFileAttributes.class).fileKey();
        if (!Objects.equals(key, found.fileKey())) {
            opened.close();
            throw new FileSystemException(child.toString(), null, "another process replaced this while it was opened");
        }
    }

    /**
     * Makes a folder with exactly these permissions, whatever the umask; with more, where the file system fixes them.
     *
     * @param mode such as {@code rwxr-xr-x}
     * @return whether it was made; false if something had that name
     */
    public boolean create(String name, String mode) throws IOException {
        if (exists(name)) {
            return false;
        }
        Workshop.removeAbandoned(this);
        try (Workshop workshop = Workshop.in(this)) {
            Files.createDirectory(workshop.piece());
            setMode(workshop.piece(), mode);
            return isMoved(workshop.piece(), real(name));
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    // What was in the way may be gone again: another process's folder, which it removed when it was done.
    private static boolean isMoved(Path folder, Path target) throws IOException {
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    /**
     * Gives a file this content and exactly these permissions in one step, in the place of what has its name; with more
     * permissions, where the file system fixes them.
     *
     * @param mode such as {@code rw-r--r--}
     */
    public void put(String name, byte[] content, String mode) throws IOException {
        Workshop.removeAbandoned(this);
        try (Workshop workshop = Workshop.in(this)) {
            try (OutputStream out =
                    Files.newOutputStream(workshop.piece(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                out.write(content);
            }
            setMode(workshop.piece(), mode);
            Files.move(workshop.piece(), real(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    /**
     * Appends to a file, which is made for its owner only if need be.
     *
     * @throws FileSystemException if it is anything but a file with one name
     */
    void append(String name, byte[] content) throws IOException {
        try (Workshop workshop = Workshop.in(this)) {
            boolean isNew = !linked(name, workshop.piece());
            if (isNew) {
                Files.createFile(workshop.piece());
                setMode(workshop.piece(), "rw-------");
            }
            try (OutputStream out =
                    Files.newOutputStream(workshop.piece(), StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
                out.write(content);
            }
            if (isNew) {
                link(real(name), workshop.piece());
            }
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    // A further name, where its owner cannot exchange it, is the way to look at a file and then to open the same one. A
    // file with yet another name may be one of elsewhere.
    private boolean linked(String name, Path piece) throws IOException {
        try {
            link(piece, real(name));
        } catch (NoSuchFileException e) {
            return false;
        }
        if (!Entry.at(piece).isFile() || Entry.names(piece) != 2) {
            throw new FileSystemException(
                    path.resolve(name).toString(), null, "this is not a file, or a file with several names");
        }
        return true;
    }

    private static void link(Path link, Path existing) throws IOException {
        try {
            Files.createLink(link, existing);
        } catch (NoSuchFileException | AccessDeniedException | FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new FileSystemException(
                    existing.toString(),
                    null,
                    e.getReason()
                            + ", when it was to get a second name, as is needed to append to it safely in a folder"
                            + " that other users can change: choose a place without other users, or with hard links");
        }
    }

    /**
     * The first bytes of a file; empty if there is none.
     *
     * @param most how many at most
     */
    public Optional<byte[]> read(String name, int most) throws IOException {
        Path file = real(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(in.readNBytes(most));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    /** The size of an entry in bytes; 0 if there is none. */
    long size(String name) throws IOException {
        return exists(name) ? attributes(name).size() : 0;
    }

    /** Gives an entry another name, in the place of the file that has it. */
    void rename(String from, String to) throws IOException {
        try {
            Files.move(real(from), real(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw shown(e, to);
        }
    }

    /**
     * Removes a file or an empty folder.
     *
     * @return whether it is gone; false if it is a folder with something in it
     */
    public boolean remove(String name) throws IOException {
        try {
            Files.deleteIfExists(real(name));
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    private boolean exists(String name) {
        return Files.exists(real(name), LinkOption.NOFOLLOW_LINKS);
    }

    private BasicFileAttributes attributes(String name) throws IOException {
        try {
            return Files.readAttributes(real(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            throw shown(e, name);
        }
    }

    private Path real() {
        return descriptor == null ? path : descriptor.path();
    }

    private Path real(String name) {
        return real().resolve(name);
    }

    // Where the mount says the mode of all files, as of FAT and network shares, that one will do if it allows as much.
    private static void setMode(Path file, String mode) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(mode);
        try {
            view.setPermissions(wanted);
        } catch (FileSystemException e) {
            Set<PosixFilePermission> present = view.readAttributes().permissions();
            if (!present.containsAll(wanted)) {
                throw new FileSystemException(
                        file.toString(),
                        null,
                        "its permissions are " + PosixFilePermissions.toString(present) + ", and cannot be changed to "
                                + mode + " (" + e.getReason() + ")");
            }
        }
    }

    /** With the entry's own path, instead of the one by which it was reached or made. */
    private FileSystemException shown(FileSystemException e, String name) {
        String known = path.resolve(name).toString();
        FileSystemException shown = ofSameKind(e, known);
        shown.initCause(e);
        return shown;
    }

    private static FileSystemException ofSameKind(FileSystemException e, String file) {
        if (e instanceof NoSuchFileException) {
            return new NoSuchFileException(file);
        }
        if (e instanceof AccessDeniedException) {
            return new AccessDeniedException(file);
        }
        return new FileSystemException(file, null, e.getReason());
    }

    @Override
    public void close() throws IOException {
        if (descriptor != null) {
            descriptor.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * A folder in the open folder, of this user alone, where a piece is finished before it is put in place: no other user can
     * exchange it there.
     */
    private static final class Workshop implements Closeable {

        private static final String PREFIX = ".wucme-";
        private static final String PIECE = "new";
        private static final Duration LONGEST_USE = Duration.ofHours(1);

        private final OpenFolder outside;
        private final String name;
        private final OpenFolder inside;

        private Workshop(OpenFolder outside, String name, OpenFolder inside) {
            this.outside = outside;
            this.name = name;
            this.inside = inside;
        }

        static Workshop in(OpenFolder folder) throws IOException {
            String name = String.valueOf(
                    Files.createTempDirectory(folder.real(), PREFIX).getFileName());
            OpenFolder inside = null;
            try {
                inside = folder.entry(name);
                inside.requireOurs();
                return new Workshop(folder, name, inside);
            } catch (IOException e) {
                if (inside != null) {
                    inside.close();
                }
                folder.remove(name);
                throw e;
            }
        }

        /** Removes those of this user's processes that were killed: each is in use for a moment only. As far as possible. */
        static void removeAbandoned(OpenFolder folder) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.real(), PREFIX + "*")) {
                for (Path each : found) {
                    removeIfAbandoned(folder, String.valueOf(each.getFileName()));
                }
            } catch (IOException | DirectoryIteratorException e) {
                LOG.debug("{} cannot be searched for what killed processes left", folder, Trace.of(e));
            }
        }

        private static void removeIfAbandoned(OpenFolder folder, String name) {
            try (OpenFolder inside = folder.entry(name)) {
                Instant used = folder.attributes(name).lastModifiedTime().toInstant();
                if (used.plus(LONGEST_USE).isBefore(Instant.now()) && inside.isOurs()) {
                    inside.remove(PIECE);
                    folder.remove(name);
                }
            } catch (IOException e) {
                LOG.debug("{} stays in {}", name, folder, Trace.of(e));
            }
        }

        Path piece() {
            return inside.real(PIECE);
        }

        @Override
        public void close() throws IOException {
            try (inside) {
                inside.remove(PIECE);
            } finally {
                outside.remove(name);
            }
        }
    }

    private void requireOurs() throws IOException {
        if (isExposed && !isOurs()) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "this was made for this user alone, and is not: another process replaced it, or this file system keeps no"
                            + " owners and permissions. Then mount it so that no other user can write there");
        }
    }

    /** Whether this user alone can change it; true where files have no owners. */
    private boolean isOurs() throws IOException {
        if (!Entry.hasOwners(path)) {
            return true;
        }
        Entry entry = Entry.at(real("."));
        return entry.owner() == ProcessUser.id() && !entry.isGroupWritable() && !entry.isWorldWritable();
    }
}
