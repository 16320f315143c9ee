package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.Intruder;

class AgentLogTest {

    @TempDir
    Path folder;

    private final List<String> shown = new ArrayList<>();

    private Path file() {
        return folder.resolve(AgentLog.FILE_NAME);
    }

    private AgentLog log() {
        return new AgentLog(shown::add, file(), 100);
    }

    @Test
    void whatComesAfterAMoveStandsInTheOtherFile() throws IOException {
        Path after = folder.resolve("after");
        AgentLog log = log();
        log.beginFile();
        log.accept("one");

        log.moveTo(after);
        log.accept("two");

        assertThat(AgentLog.read(file(), 10)).containsExactly("one");
        assertThat(AgentLog.read(after, 10)).containsExactly("two");
    }

    @Test
    void linesComeIntoTheFileOnlyWhileTheAgentIsActiveWithThoseFromBefore() throws IOException {
        AgentLog log = log();
        log.accept("starts");
        log.accept("stands by");
        assertThat(file()).doesNotExist();

        log.beginFile();
        log.beginFile();
        log.accept("renews");
        log.endFile();
        log.accept("waits");

        assertThat(Files.readAllLines(file())).containsExactly("starts", "stands by", "renews");
        assertThat(shown).containsExactly("starts", "stands by", "renews", "waits");
        assertThat(log.lines()).isEqualTo(shown);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void theFileAndWhatIsKeptAreBounded() throws IOException {
        AgentLog log = log();
        log.beginFile();
        List<String> all =
                IntStream.range(0, 1000).mapToObj(i -> "line number " + i).toList();
        all.forEach(log);

        assertThat(Files.size(file())).isLessThan(200);
        assertThat(Files.size(folder.resolve(AgentLog.FILE_NAME + "_OLD"))).isLessThan(200);
        assertThat(log.lines()).hasSize(500).last().isEqualTo("line number 999");
        assertThat(AgentLog.read(file(), 8)).isEqualTo(all.subList(992, 1000));
        assertThat(AgentLog.read(file(), 1)).containsExactly("line number 999");
        assertThat(AgentLog.read(file(), 100_000).size()).isBetween(8, 20);
    }

    @Test
    void whoeverMovesTheFileAwayNeedNotTellTheAgent() throws IOException {
        AgentLog log = log();
        log.beginFile();
        log.accept("one");
        Files.move(file(), folder.resolve("moved"));
        log.accept("two");

        assertThat(Files.readAllLines(file())).containsExactly("two");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidOnceAndWrittenLater() throws IOException {
        AgentLog log = log();
        Files.createDirectory(file());
        log.beginFile();
        log.accept("one");
        log.accept("two");
        Files.delete(file());
        log.accept("three");

        assertThat(Files.readAllLines(file())).containsExactly("one", "two", "three");
        assertThat(shown).hasSize(4);
        assertThat(shown.get(1)).startsWith("warning: the log file " + file() + " cannot be written: ");
    }

    @Test
    void aLogThatIsNotThereCannotBeRead() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> AgentLog.read(file(), 1));
    }

    @Test
    void theLogInAFolderOfAnotherUserIsWrittenAndBoundedAsAnyOther() throws IOException {
        Intruder.give(folder);
        AgentLog log = log();
        log.beginFile();
        List<String> all =
                IntStream.range(0, 50).mapToObj(i -> "line number " + i).toList();
        all.forEach(log);

        assertThat(AgentLog.read(file(), 8)).isEqualTo(all.subList(42, 50));
        assertThat(Files.size(file())).isLessThan(200);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(shown).isEqualTo(all);
    }

    @Test
    void theOwnerOfTheFolderLeadsTheLogNowhere() throws IOException {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        AgentLog log = new AgentLog(shown::add, theirs.resolve("log"), 100);
        log.beginFile();
        try (Intruder intruder = Intruder.in(theirs, folder)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (System.nanoTime() < end || intruder.exchanges() == 0) {
                log.accept("a line of the log");
                intruder.assertNothingHappenedElsewhere();
            }
            assertThat(intruder.exchanges()).isPositive();
        }
    }

    @Test
    void aLinkOfOurOwnLeadsTheLogAndOneOfAnotherUserDoesNot() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        AgentLog log = new AgentLog(shown::add, theirs.resolve("log"));
        log.beginFile();
        Files.createSymbolicLink(theirs.resolve("log"), elsewhere);
        log.accept("one");
        assertThat(elsewhere).hasContent("one");

        Intruder.give(theirs);
        log.accept("two");
        assertThat(elsewhere).hasContent("one");
        assertThat(shown).last().asString().startsWith("warning: the log file ").contains("cannot be written");
    }
}
