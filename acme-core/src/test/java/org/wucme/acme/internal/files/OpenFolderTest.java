package org.wucme.acme.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.Intruder;

class OpenFolderTest {

    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    private Path root = Path.of("");
    private Path theirs = Path.of("");

    @BeforeEach
    void makeFolder(@TempDir Path temporary) throws IOException {
        root = temporary.toRealPath();
        theirs = Files.createDirectory(root.resolve("theirs"));
        Intruder.give(theirs);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    @Test
    void whatIsDoneGoesIntoTheFolderThatWasOpened() throws IOException {
        Path moved = root.resolve("moved");
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            Files.move(theirs, moved);
            Files.createSymbolicLink(theirs, elsewhere);

            folder.put("file", TEXT, "rw-r--r--");
            assertThat(folder.create("folder", "rwxr-xr-x")).isTrue();
            folder.append("log", TEXT);
        }

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(entries(moved))
                .containsExactlyInAnyOrder(moved.resolve("file"), moved.resolve("folder"), moved.resolve("log"));
        assertThat(mode(moved.resolve("file"))).isEqualTo("rw-r--r--");
        assertThat(mode(moved.resolve("folder"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(moved.resolve("log"))).isEqualTo("rw-------");
    }

    @Test
    void aFileTakesThePlaceOfALinkAndNotOfItsTarget() throws IOException {
        Path target = Files.writeString(root.resolve("target"), "old");
        Files.createSymbolicLink(theirs.resolve("link"), target);
        Files.createLink(theirs.resolve("name"), target);
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            folder.put("link", TEXT, "rw-r--r--");
            folder.put("name", TEXT, "rw-r--r--");
        }

        assertThat(target).hasContent("old");
        assertThat(theirs.resolve("link")).hasContent("text").isRegularFile();
        assertThat(theirs.resolve("name")).hasContent("text");
    }

    @Test
    void aFileDoesNotTakeThePlaceOfAFolder() throws IOException {
        Files.createDirectories(theirs.resolve("folder/full"));
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> folder.put("folder", TEXT, "rw-r--r--"))
                    .withMessageStartingWith(theirs.resolve("folder").toString());
            assertThat(folder.create("folder", "rwx------")).isFalse();
            assertThat(folder.remove("folder")).isFalse();
        }
        assertThat(entries(theirs)).containsExactly(theirs.resolve("folder"));
    }

    @Test
    void aPipeIsNotWaitedFor() throws Exception {
        pipe(theirs.resolve("pipe"));
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> folder.folder("pipe"));
            assertThatIOException().isThrownBy(() -> folder.append("pipe", TEXT));
            assertThat(folder.read("pipe", 1)).isEmpty();
            folder.put("pipe", TEXT, "rw-------");
        }
        assertThat(theirs.resolve("pipe")).isRegularFile();
        Path pipe = root.resolve("pipe");
        pipe(pipe);
        assertThatIOException().isThrownBy(() -> Descriptor.open(pipe));
    }

    private static void pipe(Path path) throws Exception {
        Process process = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void nothingIsAppendedToAFileOfElsewhere() throws IOException {
        Path target = Files.writeString(root.resolve("target"), "old");
        Files.createSymbolicLink(theirs.resolve("link"), target);
        Files.createLink(theirs.resolve("name"), target);
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            for (String name : List.of("link", "name")) {
                assertThatExceptionOfType(FileSystemException.class)
                        .isThrownBy(() -> folder.append(name, TEXT))
                        .withMessageStartingWith(theirs.resolve(name).toString());
            }
        }
        assertThat(target).hasContent("old");
        assertThat(entries(theirs)).hasSize(2);
    }

    @Test
    void linesAreAppendedToAFileThatIsThere() throws IOException {
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            folder.append("log", TEXT);
            folder.append("log", TEXT);
            assertThat(folder.size("log")).isEqualTo(8);
            assertThat(folder.read("log", 6)).contains("textte".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Files.getAttribute(theirs.resolve("log"), "unix:nlink")).isEqualTo(1);
    }

    @Test
    void anInterruptCutsNothingShort() throws IOException {
        Thread.currentThread().interrupt();
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            folder.put("file", TEXT, "rw-------");
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(theirs.resolve("file")).hasContent("text");
    }

    @Test
    void whatKilledProcessesLeftIsRemovedAndNothingElse() throws IOException {
        Path file = abandoned(".wucme-1");
        Files.writeString(file.resolve("new"), "half");
        Path folder = abandoned(".wucme-2");
        Files.createDirectory(folder.resolve("new"));
        Path inUse = Files.createDirectory(theirs.resolve(".wucme-3"), ownersOnly());
        Path withMore = abandoned(".wucme-4");
        Files.writeString(withMore.resolve("privkey.pem"), "key");
        Path ofAnother = abandoned(".wucme-5");
        Intruder.give(ofAnother);
        Path link = Files.createSymbolicLink(theirs.resolve(".wucme-6"), root);
        for (Path old : List.of(file, folder, withMore, ofAnother)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        }

        try (OpenFolder open = OpenFolder.open(theirs)) {
            open.put("token", TEXT, "rw-r--r--");
        }

        assertThat(entries(theirs))
                .containsExactlyInAnyOrder(inUse, withMore, ofAnother, link, theirs.resolve("token"));
    }

    private Path abandoned(String name) throws IOException {
        return Files.createDirectory(theirs.resolve(name), ownersOnly());
    }

    private static FileAttribute<?> ownersOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aMissingFolderIsSaid() {
        for (Path path : List.of(root.resolve("missing"), theirs.resolve("missing"))) {
            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> OpenFolder.open(path.resolve("too")))
                    .withMessage(path.toString());
        }
    }

    @Test
    void aFolderBelowALinkThatOthersCanChangeIsNotOpened() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere/below"));
        Path link = Files.createSymbolicLink(theirs.resolve("link"), elsewhere.getParent());

        assertThatIOException()
                .isThrownBy(() -> OpenFolder.open(link.resolve("below")))
                .withMessageContainingAll(link.toString(), "not followed");
    }

    @Test
    void noWriterIsLedElsewhereByTheOwnerOfTheFolder() throws IOException {
        Duration length = Duration.ofSeconds(2);
        LogFile log = new LogFile(theirs.resolve("log"), 100);
        try (Intruder intruder = Intruder.in(givenBack(theirs), root)) {
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end || intruder.exchanges() == 0) {
                ifPossible(() -> log.append(TEXT));
                ifPossible(this::changeAll);
                intruder.assertNothingHappenedElsewhere();
            }
            assertThat(intruder.exchanges()).isPositive();
        }
    }

    @Test
    void theOwnerOfAFolderInAStickyOneDoesNotLeadElsewhere() throws IOException {
        Path sticky = Files.createDirectory(root.resolve("sticky"));
        Path inside = Files.createDirectory(sticky.resolve("inside"));
        Intruder.give(inside);
        try (Intruder intruder = Intruder.in(sticky, root)) {
            givenBack(sticky);
            Files.setAttribute(sticky, "unix:mode", 01777);
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            while (System.nanoTime() < end || intruder.exchanges() == 0) {
                ifPossible(() -> putInto(inside));
                intruder.assertNothingHappenedElsewhere();
            }
            assertThat(intruder.exchanges()).isPositive();
        }
    }

    private static void putInto(Path path) throws IOException {
        try (OpenFolder folder = OpenFolder.open(path)) {
            folder.put("file", TEXT, "rw-r--r--");
        }
    }

    private static Path givenBack(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
        return path;
    }

    private void changeAll() throws IOException {
        try (OpenFolder folder = OpenFolder.open(theirs)) {
            folder.create("folder", "rwxr-xr-x");
            try (OpenFolder below = folder.folder("folder")) {
                below.put("file", TEXT, "rw-r--r--");
                below.remove("file");
            }
            folder.put("file", TEXT, "rw-r--r--");
            folder.rename("file", "other");
            folder.remove("folder");
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void ifPossible(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }
}
