package org.wucme.acme.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {

    private static final int OTHER_USER = 65534;

    private Path root = Path.of("");
    private Path folder = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void makeFile(@TempDir Path temporary) throws IOException {
        root = temporary.toRealPath();
        folder = Files.createDirectories(root.resolve("a/b"));
        file = Files.writeString(folder.resolve("c"), "x");
        setMode(root.resolve("a"), 0755);
        setMode(folder, 0755);
        setMode(file, 0644);
    }

    private static void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void giveAway(Path path) throws IOException {
        assumeTrue(ProcessUser.isRoot(), "only root can give a file to another user");
        Files.setAttribute(path, "unix:uid", OTHER_USER, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path exposed(Path path) throws IOException {
        return Exposure.of(path).orElseThrow().path();
    }

    @Test
    void aWayThatOnlyRootAndWeCanChangeIsNotExposed() throws IOException {
        assertThat(Exposure.of(file)).isEmpty();
        assertThat(Exposure.of(folder)).isEmpty();
        assertThat(Exposure.of(Path.of("/"))).isEmpty();
        assertThat(Exposure.of(Path.of(""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "a/b/c"})
    void theOwnerOfAnyPartOfTheWayIsNamed(String part) throws IOException {
        giveAway(root.resolve(part));

        Exposure exposure = Exposure.of(file).orElseThrow();

        assertThat(exposure.path()).isEqualTo(root.resolve(part));
        assertThat(exposure.reason())
                .isEqualTo("belongs to " + Files.getOwner(root.resolve(part)).getName());
        assertThat(exposure).hasToString(exposure.path() + " " + exposure.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "a, 775, its group",
        "a/b, 777, all users",
        "a/b, 757, all users",
        "a/b, 2770, its group",
        "a/b/c, 664, its group",
        "a/b/c, 646, all users",
        "a/b/c, 1666, all users"
    })
    void whatOthersMayWriteIsExposed(String part, String mode, String writers) throws IOException {
        setMode(root.resolve(part), Integer.parseInt(mode, 8));

        assertThat(Exposure.of(file)).contains(new Exposure(root.resolve(part), "can be written by " + writers));
    }

    @Test
    void aStickyFolderPassesForOurOwnEntriesOnly() throws IOException {
        setMode(folder, 01777);
        assertThat(Exposure.of(file)).isEmpty();
        assertThat(Exposure.of(folder)).isEmpty();
        assertThat(Exposure.of(folder.resolve("missing"))).isEmpty();

        giveAway(file);
        assertThat(exposed(file)).isEqualTo(file);
    }

    @Test
    void aLinkOfAnotherUserInAStickyFolderIsExposed() throws IOException {
        setMode(folder, 01777);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(Exposure.of(link)).isEmpty();

        giveAway(link);
        assertThat(Exposure.of(link).orElseThrow().toString())
                .startsWith(link + " is a symbolic link that belongs to ");
    }

    @Test
    void theFoldersThatALinkLeadsThroughAreOnTheWay() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("x/y"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../../a/b"));
        assertThat(Exposure.of(link.resolve("c"))).isEmpty();

        setMode(root.resolve("a"), 0777);
        assertThat(exposed(link.resolve("c"))).isEqualTo(root.resolve("a"));

        setMode(root.resolve("a"), 0755);
        setMode(elsewhere, 0777);
        assertThat(exposed(link.resolve("c"))).isEqualTo(elsewhere);
    }

    @Test
    void anAbsoluteLinkIsFollowedFromTheTop() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), folder);
        setMode(folder, 0777);

        assertThat(exposed(link.resolve("c"))).isEqualTo(folder);
    }

    @Test
    void aPathIsReadAsTheSystemReadsIt() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), folder);
        assertThat(Way.to(link.resolve("../b/./c"))).isEqualTo(new Way(file, List.of(), null));
    }

    @Test
    void whatDoesNotExistIsNotExposedByItself() throws IOException {
        assertThat(Exposure.of(folder.resolve("missing/too"))).isEmpty();
        assertThat(Way.to(folder.resolve("missing/too")))
                .isEqualTo(new Way(folder, List.of(Path.of("missing"), Path.of("too")), null));

        setMode(folder, 0777);
        assertThat(exposed(folder.resolve("missing/too"))).isEqualTo(folder);
    }

    @Test
    void linksInACircleAreAnError() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("link"));

        assertThatExceptionOfType(FileSystemLoopException.class).isThrownBy(() -> Exposure.of(link));
    }

    @Test
    void whereFilesHaveNoOwnersNothingIsExposed() throws IOException {
        URI zip = URI.create("jar:" + root.resolve("files.zip").toUri());
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            assertThat(Exposure.of(files.getPath("/a/b"))).isEmpty();
        }
    }

    @Test
    void aUserMayShareAFolderWithAGroupAndRootMayNot() throws IOException {
        giveAway(folder);
        setMode(folder, 0775);
        assertThat(Way.to(file, OTHER_USER).exposure()).isNull();
        assertThat(Way.to(file, OTHER_USER + 1).exposure()).isNotNull();

        setMode(folder, 0777);
        assertThat(Way.to(file, OTHER_USER).exposure()).isNotNull();

        setMode(folder, 0755);
        setMode(root.resolve("a"), 0775);
        assertThat(Way.to(file, OTHER_USER).exposure()).isNotNull();
    }

    @Test
    void ourUserIsTheOwnerOfOurFiles() throws IOException {
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(ProcessUser.id());
    }
}
