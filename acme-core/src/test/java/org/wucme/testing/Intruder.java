package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Another user, in a folder of theirs where root works: as quickly as possible, each entry becomes a symbolic link to a file
 * or folder of root's, and then itself again. Uses no rights but those of the folder's owner.
 */
public final class Intruder implements Closeable {

    private static final int USER = 65534;
    private static final String SECRET = "root:secret";
    private static final String ASIDE = ".aside-";

    private final Path folder;
    private final Path victimFile;
    private final Path victimFolder;
    private final Thread thread;
    private final AtomicLong exchanges = new AtomicLong();
    private volatile boolean isOver;

    private Intruder(Path folder, Path victims) throws IOException {
        this.folder = folder;
        this.victimFile = Files.writeString(victims.resolve("shadow"), SECRET);
        this.victimFolder = Files.createDirectory(victims.resolve("root"));
        setMode(victimFile, "rw-------");
        setMode(victimFolder, "rwx------");
        this.thread = new Thread(this::run, "intruder");
    }

    /**
     * Begins in a folder, which is given to that user. The test is skipped by all users but root.
     *
     * @param victims a folder of root's
     */
    public static Intruder in(Path folder, Path victims) throws IOException {
        give(folder);
        Intruder intruder = new Intruder(folder, victims);
        intruder.thread.start();
        return intruder;
    }

    /** Gives a file or folder to that user; the test is skipped by all users but root. */
    public static void give(Path path) throws IOException {
        assumeTrue(
                Files.getAttribute(path, "unix:uid").equals(0), "only root can give a file or folder to another user");
        Files.setAttribute(path, "unix:uid", USER, LinkOption.NOFOLLOW_LINKS);
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private void run() {
        while (!isOver) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    if (!String.valueOf(entry.getFileName()).startsWith(ASIDE)) {
                        exchange(entry);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Root was quicker.
            }
        }
    }

    private void exchange(Path entry) {
        Path bait = exchanges.get() % 2 == 0 ? victimFile : victimFolder;
        Path aside = folder.resolve(ASIDE + exchanges.get());
        try {
            Path link = link(bait);
            Files.move(entry, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(link, entry, StandardCopyOption.ATOMIC_MOVE);
            exchanges.incrementAndGet();
            Thread.onSpinWait();
            Files.delete(entry);
            Files.move(aside, entry, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Root was quicker.
        }
    }

    // Theirs from its first moment in the place of the entry.
    private Path link(Path bait) throws IOException {
        Path link = folder.resolve(ASIDE + "link");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, bait);
        Files.setAttribute(link, "unix:uid", USER, LinkOption.NOFOLLOW_LINKS);
        return link;
    }

    /** How often an entry was exchanged so far. */
    public long exchanges() {
        return exchanges.get();
    }

    /** Fails if root was led to write anything outside of the folder, or to change an owner or a mode. */
    public void assertNothingHappenedElsewhere() throws IOException {
        assertThat(victimFile).hasContent(SECRET);
        assertThat(victimFolder).isEmptyDirectory();
        for (Path victim : List.of(victimFile, victimFolder)) {
            assertThat(Files.getAttribute(victim, "unix:uid")).isEqualTo(0);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victimFile)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victimFolder)))
                .isEqualTo("rwx------");
    }

    /** Ends. */
    @Override
    public void close() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }
}
