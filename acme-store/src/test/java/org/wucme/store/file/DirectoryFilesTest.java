package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.CachedDirectory;
import org.wucme.acme.DirectoryCache;

/** The directories of CAs in a folder, whose content is untrusted. */
@SuppressWarnings("NullAway.Init")
class DirectoryFilesTest {

    private static final String URL = "https://ca.example.test/directory";
    private static final Instant NOW = Instant.parse("2026-11-22T00:20:27.004Z");
    private static final CachedDirectory DIRECTORY =
            new CachedDirectory("{\"newNonce\":\"https://ca.example.test/n\u00f6nce\"}", NOW, NOW.plusSeconds(60));

    @TempDir
    Path temporary;

    private FileStore store;
    private DirectoryCache directories;

    @BeforeEach
    void open() throws IOException {
        store = FileStore.open(temporary.resolve("wucme"));
        directories = store.directories();
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(store.path())) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("WUCME_D_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatIsSavedIsThereForTheNextProcessAndForItsOwnerAlone() throws IOException {
        directories.save(URL, DIRECTORY);

        assertThat(FileStore.open(store.path()).directories().load(URL)).contains(DIRECTORY);
        assertThat(file().getFileName().toString()).matches("WUCME_D_ACCOUNT\\$[0-9A-F]{10}\\.JSON");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void eachCaHasItsOwn() throws IOException {
        directories.save(URL, DIRECTORY);
        directories.save(URL + "2", new CachedDirectory("{}", NOW, NOW));

        assertThat(directories.load(URL)).contains(DIRECTORY);
        assertThat(directories.load(URL + "2")).contains(new CachedDirectory("{}", NOW, NOW));
        assertThat(directories.load(URL + "3")).isEmpty();
    }

    @Test
    void theNextReplacesTheOneBeforeAndADroppedOneIsGone() throws IOException {
        CachedDirectory next = new CachedDirectory("{}", NOW.plusSeconds(9), NOW.plusSeconds(99));
        directories.save(URL, DIRECTORY);
        directories.save(URL, next);
        assertThat(directories.load(URL)).contains(next);

        directories.drop(URL);
        directories.drop(URL);

        assertThat(directories.load(URL)).isEmpty();
    }

    @Test
    void thatOfAnotherCaOrVersionIsNotUsedButReplaced() throws IOException {
        directories.save(URL, DIRECTORY);
        String written = Files.readString(file());
        for (String other : new String[] {
            written.replace(URL, "https://evil.example.test/directory"),
            written.replace("\"version\" : 1", "\"version\" : 2"),
            written.replace("\"version\" : 1,", "")
        }) {
            assertThat(other).isNotEqualTo(written);
            Files.writeString(file(), other);

            assertThat(directories.load(URL)).isEmpty();
            directories.save(URL, DIRECTORY);
            assertThat(directories.load(URL)).contains(DIRECTORY);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"version\":1}",
                "{\"version\":\"1\"}",
                "{\"version\":1,\"version\":1}",
                "{\"version\":1,\"url\":\"https://ca.example.test/directory\",\"document\":5}",
                "{\"version\":1,\"url\":\"https://ca.example.test/directory\",\"document\":\"{}\",\"fetched\":\"now\"}",
                "{\"version\":1,\"url\":\"https://ca.example.test/directory\",\"document\":\"{}\","
                        + "\"fetched\":\"+1000000000-12-31T23:59:59Z\",\"expires\":\"soon\"}"
            })
    void whatIsNotUnderstoodIsAsGoodAsNone(String content) throws IOException {
        directories.save(URL, DIRECTORY);
        Files.writeString(file(), content);

        assertThat(directories.load(URL)).isEmpty();
    }

    @Test
    void noLinkIsFollowedNeitherByReadingNorByWriting() throws IOException {
        directories.save(URL, DIRECTORY);
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(file(), elsewhere);
        String before = Files.readString(elsewhere);
        Path link = store.path().resolve(FileNames.directory(URL));
        Files.createSymbolicLink(link, elsewhere);

        assertThat(directories.load(URL)).isEmpty();
        directories.save(URL, new CachedDirectory("{}", NOW, NOW));

        assertThat(Files.readString(elsewhere)).isEqualTo(before);
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }

    @Test
    void aFolderInTheWayOrALeftOverHarmsNothing() throws IOException {
        directories.save(URL, DIRECTORY);
        Path file = file();
        Files.delete(file);
        Files.createDirectories(file.resolve("in the way"));
        assertThat(directories.load(URL)).isEmpty();

        Files.delete(file.resolve("in the way"));
        Files.delete(file);
        Files.writeString(file.resolveSibling(file.getFileName() + "_TMP"), "cut sh");
        directories.save(URL, DIRECTORY);

        assertThat(directories.load(URL)).contains(DIRECTORY);
        assertThat(store.list()).isEmpty();
        assertThat(Files.exists(file.resolveSibling(file.getFileName() + "_TMP"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void noRequestWaitsForTheStoreToKeepADirectory() throws IOException {
        directories.save(URL, DIRECTORY);
        Folder folder = new Folder(store.path());
        try (LockFile.Held held = LockFile.acquire(
                        folder, folder.path().resolve(FileNames.LOCK), LockFile.FIRST, Duration.ZERO)
                .orElseThrow()) {
            directories.save(URL, new CachedDirectory("{}", NOW, NOW));
            directories.drop(URL);
        }

        assertThat(directories.load(URL)).contains(DIRECTORY);
    }
}
