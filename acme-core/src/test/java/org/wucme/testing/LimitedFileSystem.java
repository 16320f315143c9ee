package org.wucme.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own file system, without what some cannot do: network shares, FAT, folders of other machines. What it
 * refuses fails as on Linux, with the words of the error number.
 */
public final class LimitedFileSystem extends FileSystem {

    /** What is missing. */
    public enum Limit {
        /** fsync(2) of a folder is EINVAL, as on SMB. */
        NO_FOLDER_SYNC,
        /** All files and folders have the mode that the mount says, and chmod(2) is EPERM, as on FAT, SMB and sshfs. */
        NO_MODES,
        /** fcntl(2) is ENOLCK, as on NFS without a lock service. */
        NO_LOCKS,
        /** fsync(2) of a folder, and fcntl(2), are EIO. */
        FAILING_DISK,
        /** link(2) is EPERM. */
        NO_HARD_LINKS,
        /** symlink(2) is EPERM. */
        NO_SYMBOLIC_LINKS,
        /** rename(2) over a file is EEXIST, as it was in SFTP. */
        NO_REPLACEMENT
    }

    private static final FileSystem REAL = FileSystems.getDefault();

    private final Set<Limit> limits;
    private final Provider provider = new Provider();

    private LimitedFileSystem(Set<Limit> limits) {
        this.limits = limits;
    }

    /** A path of such a file system, to what a real one leads to. */
    public static Path of(Path real, Limit... limits) {
        return new LimitedFileSystem(Set.copyOf(Arrays.asList(limits))).wrap(real);
    }

    private interface Wrapped {
        Path real();
    }

    private Path wrap(Path real) {
        Class<?>[] types = {Path.class, Wrapped.class};
        return (Path) Proxy.newProxyInstance(
                LimitedFileSystem.class.getClassLoader(), types, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "real" -> real;
                        case "getFileSystem" -> this;
                        case "iterator" -> wrapAll(real).iterator();
                        default -> invoke(real, method, arguments);
                    };
                });
    }

    private @Nullable Object invoke(Path real, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] unwrapped = arguments == null
                ? new Object[0]
                : Arrays.stream(arguments).map(LimitedFileSystem::unwrapAny).toArray();
        try {
            Object result = method.invoke(real, unwrapped);
            return result instanceof Path path ? wrap(path) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Iterable<Path> wrapAll(Iterable<Path> paths) {
        return StreamSupport.stream(paths.spliterator(), false).map(this::wrap).toList();
    }

    private static @Nullable Object unwrapAny(@Nullable Object any) {
        return any instanceof Wrapped wrapped ? wrapped.real() : any;
    }

    private static Path unwrap(Path path) {
        return path instanceof Wrapped wrapped ? wrapped.real() : path;
    }

    private void refuse(Limit limit, Path path, String reason) throws IOException {
        if (limits.contains(limit)) {
            throw new FileSystemException(path.toString(), null, reason);
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return REAL.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return wrapAll(REAL.getRootDirectories());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return REAL.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return REAL.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return wrap(REAL.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = REAL.getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(unwrap(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return REAL.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    private final class Provider extends FileSystemProvider {

        private static final Set<PosixFilePermission> OF_THE_MOUNT = PosixFilePermissions.fromString("rwxr-xr-x");

        private FileSystemProvider real() {
            return REAL.provider();
        }

        @Override
        public String getScheme() {
            return "limited";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            return LimitedFileSystem.this;
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            boolean isFolder = Files.isDirectory(unwrap(path));
            FileChannel channel = real().newFileChannel(unwrap(path), options, attributes);
            makeReadable(path);
            return new LimitedChannel(channel, isFolder);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            DirectoryStream<Path> entries =
                    real().newDirectoryStream(unwrap(folder), entry -> filter.accept(wrap(entry)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    Iterator<Path> all = entries.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return all.hasNext();
                        }

                        @Override
                        public Path next() {
                            return wrap(all.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    entries.close();
                }
            };
        }

        @Override
        public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
            real().createDirectory(unwrap(folder), attributes);
            makeReadable(folder);
        }

        // The mount's mode, whatever was asked for.
        private void makeReadable(Path path) throws IOException {
            if (limits.contains(Limit.NO_MODES) && Files.exists(unwrap(path), LinkOption.NOFOLLOW_LINKS)) {
                Files.setPosixFilePermissions(unwrap(path), OF_THE_MOUNT);
            }
        }

        @Override
        public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
            refuse(Limit.NO_SYMBOLIC_LINKS, link, "Operation not permitted");
            real().createSymbolicLink(unwrap(link), unwrap(target), attributes);
        }

        @Override
        public void createLink(Path link, Path existing) throws IOException {
            refuse(Limit.NO_HARD_LINKS, link, "Operation not permitted");
            real().createLink(unwrap(link), unwrap(existing));
        }

        @Override
        public Path readSymbolicLink(Path link) throws IOException {
            return wrap(real().readSymbolicLink(unwrap(link)));
        }

        @Override
        public void delete(Path path) throws IOException {
            real().delete(unwrap(path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            real().copy(unwrap(source), unwrap(target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            if (Files.exists(unwrap(target), LinkOption.NOFOLLOW_LINKS)) {
                refuse(Limit.NO_REPLACEMENT, target, "File exists");
            }
            real().move(unwrap(source), unwrap(target), options);
        }

        @Override
        public boolean isSameFile(Path path, Path other) throws IOException {
            return real().isSameFile(unwrap(path), unwrap(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return real().isHidden(unwrap(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return real().getFileStore(unwrap(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            real().checkAccess(unwrap(path), modes);
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            V view = real().getFileAttributeView(unwrap(path), type, options);
            return view instanceof PosixFileAttributeView posix && limits.contains(Limit.NO_MODES)
                    ? type.cast(new FixedModes(path, posix))
                    : view;
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            return real().readAttributes(unwrap(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            return real().readAttributes(unwrap(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, @Nullable Object value, LinkOption... options)
                throws IOException {
            refuse(Limit.NO_MODES, path, "Operation not permitted");
            real().setAttribute(unwrap(path), attribute, value, options);
        }
    }

    private record FixedModes(Path path, PosixFileAttributeView view) implements PosixFileAttributeView {

        @Override
        public String name() {
            return view.name();
        }

        @Override
        public PosixFileAttributes readAttributes() throws IOException {
            return view.readAttributes();
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            view.setTimes(modified, accessed, created);
        }

        @Override
        public UserPrincipal getOwner() throws IOException {
            return view.getOwner();
        }

        @Override
        public void setOwner(UserPrincipal owner) throws IOException {
            throw refusal();
        }

        @Override
        public void setGroup(GroupPrincipal group) throws IOException {
            throw refusal();
        }

        @Override
        public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
            throw refusal();
        }

        private IOException refusal() {
            return new FileSystemException(path.toString(), null, "Operation not permitted");
        }
    }

    private final class LimitedChannel extends FileChannel {

        private final FileChannel real;
        private final boolean isFolder;

        LimitedChannel(FileChannel real, boolean isFolder) {
            this.real = real;
            this.isFolder = isFolder;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (isFolder && limits.contains(Limit.NO_FOLDER_SYNC)) {
                throw new IOException("Invalid argument");
            }
            if (isFolder && limits.contains(Limit.FAILING_DISK)) {
                throw new IOException("Input/output error");
            }
            real.force(metaData);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            requireLocks();
            return real.lock(position, size, shared);
        }

        @Override
        public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
            requireLocks();
            return real.tryLock(position, size, shared);
        }

        private void requireLocks() throws IOException {
            if (limits.contains(Limit.NO_LOCKS)) {
                throw new IOException("No locks available");
            }
            if (limits.contains(Limit.FAILING_DISK)) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return real.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return real.read(targets, offset, length);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return real.write(source);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            return real.write(sources, offset, length);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return real.write(source, position);
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            real.position(newPosition);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            real.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return real.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return real.map(mode, position, size);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }
}
