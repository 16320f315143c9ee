package org.wucme.acme.internal.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * An open folder, and a path that leads to that very folder for as long as it is open, whatever becomes of its names:
 * {@code /proc/self/fd/N} of Linux. {@link java.nio.file.SecureDirectoryStream} would do the same on more systems, but makes
 * neither folders nor links.
 */
final class Descriptor implements Closeable {

    private static final Path PATHS = Path.of("/proc/self/fd");
    private static final Path POSITIONS = Path.of("/proc/self/fdinfo");
    private static final String POSITION = "pos:";
    private static final int HIGHEST_MARK = 1 << 30;

    private final FileChannel channel;
    private final Path path;

    private Descriptor(FileChannel channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    /**
     * Opens a folder. Symbolic links are followed; a pipe is not waited for.
     *
     * @return empty if the system has no such paths, or does not let this user read the folder
     */
    static Optional<Descriptor> open(Path folder) throws IOException {
        return Files.isDirectory(POSITIONS) ? Uninterrupted.run(() -> find(folder)) : Optional.empty();
    }

    // The Java API does not tell the number. A channel's position in a folder means nothing, so it can be a mark.
    private static Optional<Descriptor> find(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder.resolve("."), StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
        Path number = null;
        try {
            number = numberOf(channel);
        } finally {
            if (number == null) {
                channel.close();
            }
        }
        return Optional.ofNullable(number).map(found -> new Descriptor(channel, PATHS.resolve(found)));
    }

    private static @Nullable Path numberOf(FileChannel channel) throws IOException {
        int mark = ThreadLocalRandom.current().nextInt(HIGHEST_MARK);
        channel.position(mark);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(POSITIONS)) {
            for (Path one : open) {
                if (isAt(one, mark)) {
                    return one.getFileName();
                }
            }
            return null;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (AccessDeniedException e) {
            return null;
        }
    }

    private static boolean isAt(Path file, int mark) {
        try {
            String first = Files.readString(file).lines().findFirst().orElse("");
            return first.startsWith(POSITION)
                    && first.substring(POSITION.length()).strip().equals(Integer.toString(mark));
        } catch (IOException e) {
            // It has been closed meanwhile.
            return false;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
