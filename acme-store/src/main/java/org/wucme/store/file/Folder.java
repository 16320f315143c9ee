package org.wucme.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Ca;
import org.wucme.acme.internal.files.Exposure;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.acme.internal.files.Uninterrupted;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.StoreException;

/**
 * What a store does to the disk. Each change is durable once its method returns, and none is cut short by an interrupt.
 *
 * <p>Network shares and FAT can do less than a local disk. Where permissions cannot be set, files have those of the mount, and
 * one warning says so if other users can read them; where there are no hard links, a file is copied instead; where folders
 * cannot be synchronized, the last change may be missing after a power failure.
 */
class Folder {

    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> RIGHTS_OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FOLDER_ABOVE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<OpenOption> NEW_FILE = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SYNC,
            LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> NEW_FILE_UNSYNCHRONIZED =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final int MAX_SIZE = 1 << 20;
    private static final String PROBE = "#".repeat(16 * 1024);

    private final Path path;
    private final boolean posix;
    private final AtomicBoolean isWarnedOfReaders = new AtomicBoolean();
    private final AtomicBoolean isKnownAsUnsynchronized = new AtomicBoolean();
    // Thousands of records name a few.
    private final Map<String, Ca> cas = new ConcurrentHashMap<>();

    /** An existing folder. */
    Folder(Path path) throws IOException {
        this(path.toRealPath(), hasPermissions(path));
    }

    private Folder(Path path, boolean posix) {
        this.path = path;
        this.posix = posix;
    }

    /**
     * The CA of a directory that a record names.
     *
     * @throws IllegalArgumentException if that is no URL of a directory
     */
    Ca ca(String directoryUrl) {
        Ca known = cas.get(directoryUrl);
        if (known != null) {
            return known;
        }
        Ca ca = Ca.of(directoryUrl);
        cas.put(directoryUrl, ca);
        return ca;
    }

    /** A folder that does not exist, as one with nothing in it. */
    static Folder missing(Path path) {
        return new Folder(path.toAbsolutePath(), hasPermissions(path)) {
            @Override
            Listing list() {
                return new Listing(path(), List.of());
            }
        };
    }

    /**
     * Makes the folder, for its owner only, if it does not exist.
     *
     * @throws StoreException if this is root, and another user can change the folder or one on the way to it
     */
    static Path create(Path path) throws IOException {
        requireOurs(path);
        if (Files.isDirectory(path)) {
            return path;
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(path + " is not a folder: choose another place for the store, or move it away");
        }
        boolean posix = hasPermissions(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent, attributes(posix, FOLDER_ABOVE));
        }
        try {
            Files.createDirectory(path, attributes(posix, OWNER_ONLY_FOLDER));
            restoreOwner(path);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("another process has just made {}", path);
        }
        return path;
    }

    // What the umask took; a mount that fixes permissions takes nothing.
    private static void restoreOwner(Path path) {
        try {
            setPermissions(path, OWNER_ONLY_FOLDER);
        } catch (IOException e) {
            LOG.debug("the permissions of {} stay as they are", path, Trace.of(e));
        }
    }

    // Root could be led to write keys, or to take them, anywhere. Other users have only themselves to harm.
    static void requireOurs(Path folder) throws IOException {
        Optional<Exposure> exposure = ProcessUser.isRoot() ? Exposure.of(folder) : Optional.empty();
        if (exposure.isPresent()) {
            throw new StoreException("root keeps no keys in " + folder + ", since " + exposure.get()
                    + ", and so they could be exchanged or read: run this as that user, choose a folder that only root can"
                    + " change, or make it one (chown root, chmod go-w)");
        }
    }

    Path path() {
        return path;
    }

    /** What is in the folder now. */
    Listing list() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return new Listing(path, files.toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (AccessDeniedException e) {
            throw permissionDenied("read", path, e);
        }
    }

    /** When a file last came, went, or got another name here. */
    FileTime lastModified() throws IOException {
        return Files.getLastModifiedTime(path);
    }

    /**
     * The text of a file that nothing but a store writes; empty if there is none, or a link or another kind of file in its
     * place.
     *
     * @throws StoreException if it cannot be read
     */
    Optional<String> readOwn(Path file) throws StoreException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? read(file) : Optional.empty();
    }

    /**
     * The text of a file, read at one moment; empty if there is none.
     *
     * @throws StoreException if there is something else, or it cannot be read
     */
    Optional<String> read(Path file) throws StoreException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new StoreException(file + " is a folder where a file is expected: move it away");
            }
            if (attributes.size() > MAX_SIZE) {
                throw new StoreException(file + " is larger than anything that belongs here: move it away");
            }
            return Optional.of(new String(bytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return noFile(file);
        } catch (AccessDeniedException e) {
            throw permissionDenied("read", file, e);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A text that becomes another when the file is replaced or written to; empty if there is none. */
    static Optional<String> version(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return Optional.of(
                    modified + " " + attributes.size() + " " + attributes.fileKey() + " " + changeTime(file));
        } catch (NoSuchFileException e) {
            return Files.isSymbolicLink(file) ? Optional.of("leads to nothing") : Optional.empty();
        }
    }

    // Moves with every write, even where a copy has size and time of modification of what it replaces; Unix only.
    private static Object changeTime(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.getAttribute(file, "unix:ctime")
                : "";
    }

    byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    private static Optional<String> noFile(Path file) throws StoreException {
        if (Files.isSymbolicLink(file)) {
            throw new StoreException(
                    file + " is a symbolic link to nothing: remove it, or bring back what it leads to");
        }
        return Optional.empty();
    }

    /**
     * Writes a file that only its owner can read, from its first moment, in the place of any left-over.
     *
     * @throws StoreException if that is more than {@link #read} takes; then nothing is written
     */
    void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #write(Path, String)}. */
    void write(Path file, byte[] content) throws IOException {
        if (content.length > MAX_SIZE) {
            throw new StoreException(file + " was not written: its " + content.length + " bytes are more than the "
                    + MAX_SIZE + " that could be read back");
        }
        delete(file);
        try {
            Uninterrupted.run(() -> {
                writeNew(file, content, NEW_FILE);
                return file;
            });
        } catch (IOException e) {
            discard(file);
            throw e instanceof FileSystemException ? e : notWritten(file, e);
        }
    }

    // Opened once: another file of this name, which was put there meanwhile, is not written to.
    private void writeNew(Path file, byte[] content, Set<OpenOption> options) throws IOException {
        try (FileChannel channel = FileChannel.open(file, options, attributes(posix, OWNER_ONLY))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (ClosedByInterruptException e) {
            delete(file);
            throw e;
        }
        restrict(file);
    }

    /** As {@link #put(Path, byte[])}. */
    void put(Path file, String content) throws IOException {
        put(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives a file this content in one step; if that fails, it stays as it is. */
    void put(Path file, byte[] content) throws IOException {
        Path unfinished = temporary(file);
        try {
            write(unfinished, content);
            rename(unfinished, file);
        } catch (IOException | RuntimeException e) {
            discard(unfinished);
            throw e;
        }
    }

    /**
     * As {@link #put(Path, String)}, but not synchronized: for what is worth nothing after a power failure, which may leave it
     * empty.
     */
    void putUnsynchronized(Path file, String content) throws IOException {
        Path unfinished = temporary(file);
        delete(unfinished);
        try {
            Uninterrupted.run(() -> {
                writeNew(unfinished, content.getBytes(StandardCharsets.UTF_8), NEW_FILE_UNSYNCHRONIZED);
                return unfinished;
            });
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(unfinished);
            throw e instanceof FileSystemException ? e : notWritten(file, e);
        }
    }

    /** What a stream says of a full disk does not say where. */
    private static IOException notWritten(Path file, IOException cause) {
        IOException exception = new FileSystemException(file.toString(), null, cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /** Makes an empty file that only its owner can use, unless the file is there. */
    void createEmpty(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(posix, OWNER_ONLY));
            restrict(file);
        } catch (FileAlreadyExistsException e) {
            LOG.trace("{} is there", file, Trace.of(e));
        }
    }

    /**
     * Fails where the replacement of files would, and changes nothing. It uses their temporary names: what a killed process
     * leaves behind is removed as after a save that was not finished.
     *
     * @param file whose replacement is the transaction
     * @param others that are written with it
     */
    void probe(Path file, List<Path> others) throws IOException {
        Path written = temporary(file);
        Set<@Nullable Path> folders = new HashSet<>();
        try {
            write(written, PROBE);
            for (Path other : others) {
                if (folders.add(other.getParent())) {
                    probe(temporary(other), written);
                }
            }
        } finally {
            discard(written);
            others.forEach(other -> discard(temporary(other)));
        }
    }

    private void probe(Path other, Path written) throws IOException {
        if (!Objects.equals(other.getParent(), written.getParent())) {
            write(other, PROBE);
            return;
        }
        createEmpty(other);
        try {
            rename(written, other);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new StoreException(
                    "files in " + path + " cannot be replaced in one step: " + e.getReason()
                            + ". Choose a folder on a file system that can, such as a local disk",
                    e);
        }
    }

    /** Gives a file a second name, under which it stays when the first gets another content. */
    void keep(Path file, Path copy) throws IOException {
        try {
            link(file, copy);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            LOG.debug("copying {}, since it cannot be linked", file, Trace.of(e));
            copy(file, copy);
        }
    }

    void link(Path file, Path copy) throws IOException {
        Files.createLink(copy, file);
    }

    private void copy(Path file, Path copy) throws IOException {
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(copy.toString());
        }
        Path unfinished = temporary(copy);
        write(unfinished, read(file).orElseThrow(() -> new NoSuchFileException(file.toString())));
        rename(unfinished, copy);
    }

    /** Moves a file to another name in its folder, in one step, in the place of what has that name. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to.resolveSibling("."));
    }

    /**
     * Makes a symbolic link, in one step, in the place of what has that name.
     *
     * @throws StoreException if there are no such links here
     */
    void lead(Path link, Path target) throws IOException {
        Path unfinished = temporary(link);
        delete(unfinished);
        try {
            Files.createSymbolicLink(unfinished, target);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            throw new StoreException(
                    link + " cannot be made a symbolic link: " + reason(e)
                            + ". Export to a file system that has them, or a PKCS#12 keystore",
                    e);
        }
        rename(unfinished, link);
    }

    private static @Nullable String reason(Exception e) {
        return e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    }

    /** Makes durable what files there are. */
    void sync() throws IOException {
        sync(path);
    }

    /** Removes a file, if it is there. */
    void remove(Path file) throws IOException {
        delete(file);
    }

    private static void delete(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(file + " is a folder in the way of a file: move it away");
        }
        Files.deleteIfExists(file);
    }

    /** Removes a file of no more use, as far as possible. */
    void discard(Path file) {
        try {
            remove(file);
        } catch (IOException e) {
            LOG.debug("left {} behind", file, Trace.of(e));
        }
    }

    /** Takes from everybody but the owner what rights they have to a file, as far as the file system has such rights. */
    void restrict(Path file) {
        try {
            Set<PosixFilePermission> present =
                    posix ? Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS) : OWNER_ONLY;
            if (!present.equals(OWNER_ONLY)) {
                restrict(file, present);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the permissions of {} stay as they are", file, Trace.of(e));
        }
    }

    private void restrict(Path file, Set<PosixFilePermission> present) throws IOException {
        try {
            setPermissions(file, OWNER_ONLY);
        } catch (FileSystemException e) {
            if (!Collections.disjoint(present, RIGHTS_OF_OTHERS) && !isWarnedOfReaders.getAndSet(true)) {
                LOG.warn(
                        "other users may read private keys in {}: {} has the permissions {}, which cannot be changed ({})."
                                + " Mount this file system so that only this user can read it, or choose another folder",
                        path,
                        file.getFileName(),
                        PosixFilePermissions.toString(present),
                        e.getReason());
            }
            throw e;
        }
    }

    /**
     * The file that a replacement takes the place of: what a symbolic link leads to, so that the link stays.
     *
     * @throws StoreException if it leads to nothing, or leads root into a folder that another user can change
     */
    static Path target(Path file) throws StoreException {
        if (!Files.isSymbolicLink(file)) {
            return file;
        }
        try {
            Path target = file.toRealPath();
            requireOurs(target.resolveSibling("."));
            return target;
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(
                    file + " is a symbolic link to nothing: remove it, or bring back what it leads to", e);
        }
    }

    static Path temporary(Path file) {
        return withSuffix(file, "_TMP");
    }

    static Path withSuffix(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    static StoreException permissionDenied(String verb, Object file, IOException cause) {
        return new StoreException(
                "no permission to " + verb + " " + file
                        + ": run this as the user that owns the store, or change its owner",
                cause);
    }

    private void sync(Path folder) throws IOException {
        Uninterrupted.run(() -> {
            force(folder);
            return folder;
        });
    }

    private void force(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            LOG.debug("this system does not open folders, so {} cannot be synchronized", folder, Trace.of(e));
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // What was renamed is in place, and must not be taken for failed.
            if (DiskFailure.is(e)) {
                LOG.warn(
                        "{} could not be synchronized, so a power failure may undo a change: {}. Look at the disk and the"
                                + " system's log",
                        folder,
                        e.getMessage());
            } else if (!isKnownAsUnsynchronized.getAndSet(true)) {
                LOG.info("{} cannot be synchronized, so a power failure may undo a change: {}", folder, e.getMessage());
            }
        }
    }

    private static void setPermissions(Path path, Set<PosixFilePermission> permissions) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null) {
            view.setPermissions(permissions);
        }
    }

    private static boolean hasPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> permissions) {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
