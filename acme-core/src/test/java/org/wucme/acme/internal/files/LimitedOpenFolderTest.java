package org.wucme.acme.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.wucme.testing.LimitedFileSystem;
import org.wucme.testing.LimitedFileSystem.Limit;

/** What web servers show, and logs, on file systems that can do less than a local disk. */
class LimitedOpenFolderTest {

    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path root;

    @ParameterizedTest
    @EnumSource
    void filesAndFoldersAreMadeAndRemoved(Limit limit) throws IOException {
        try (OpenFolder folder = OpenFolder.open(LimitedFileSystem.of(root.toRealPath(), limit))) {
            assertThat(folder.create("folder", "rwxr-xr-x")).isTrue();
            folder.put("file", TEXT, "rw-r--r--");

            assertThat(folder.read("file", 100)).contains(TEXT);
            assertThat(Files.getPosixFilePermissions(root.resolve("file")).toString())
                    .contains("OTHERS_READ");
            assertThat(folder.remove("file") && folder.remove("folder")).isTrue();
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aFullLogThatCannotBeRenamedIsWrittenOn() throws IOException {
        Path file = root.toRealPath().resolve("log");
        LogFile log = new LogFile(LimitedFileSystem.of(file, Limit.NO_REPLACEMENT), 3);
        for (int i = 0; i < 4; i++) {
            log.append(TEXT);
        }
        assertThat(file).hasContent("texttexttext");
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NO_REPLACEMENT"})
    void aLogIsWrittenAndReplaced(Limit limit) throws IOException {
        LogFile log = new LogFile(LimitedFileSystem.of(root.toRealPath().resolve("log"), limit), 3);
        for (int i = 0; i < 3; i++) {
            log.append(TEXT);
        }
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactlyInAnyOrder(root.resolve("log"), root.resolve("log_OLD"));
        }
    }
}
