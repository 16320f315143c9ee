package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms are noted in the store, so that each is raised once in a while by whichever process. */
class AlarmFileTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private FileStore store;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        store = FileStore.open(folder);
        file = folder.resolve("WUCME_ALARMS.JSON");
    }

    private boolean isFirst(String name, Instant now) throws IOException {
        return store.firstAlarm(name, "EXPIRES_SOON", now, DAY);
    }

    @Test
    void anotherProcessKnowsWhatWasRaised() throws Exception {
        assertThat(isFirst("A", NOW)).isTrue();
        assertThat(FileStore.open(folder).firstAlarm("A", "EXPIRES_SOON", NOW.plusSeconds(60), DAY))
                .isFalse();
        assertThat(isFirst("B", NOW)).isTrue();
        assertThat(store.firstAlarm("A", "EXPIRED", NOW, DAY)).isTrue();
        assertThat(isFirst("A", NOW.plus(DAY))).isTrue();
    }

    @Test
    void aRaisedAlarmIsNotPostponedByQuestions() throws Exception {
        assertThat(isFirst("A", NOW)).isTrue();
        for (int hour = 1; hour < 24; hour++) {
            assertThat(isFirst("A", NOW.plus(Duration.ofHours(hour)))).isFalse();
        }
        assertThat(isFirst("A", NOW.plus(DAY))).isTrue();
    }

    @Test
    void aClockThatWasPutBackSilencesNothingForLong() throws Exception {
        assertThat(isFirst("A", NOW.plus(Duration.ofDays(400)))).isTrue();
        assertThat(isFirst("A", NOW)).isTrue();
        assertThat(isFirst("A", NOW)).isFalse();
    }

    @Test
    void onlyTheOwnerReadsItAndWhatIsOldLeavesIt() throws Exception {
        isFirst("OLD", NOW);
        isFirst("NEW", NOW.plus(DAY));

        assertThat(file).content().contains("NEW").doesNotContain("OLD");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void itDoesNotGrowForEver() throws Exception {
        AlarmFile alarms = new AlarmFile(new Folder(folder));
        for (int i = 0; i < AlarmFile.MAX_ALARMS + 1; i++) {
            alarms.isFirst("N" + i, "EXPIRED", NOW.plusSeconds(i), DAY);
        }
        assertThat(file).content().doesNotContain("\"EXPIRED N0\"").contains("\"EXPIRED N1\"", "\"EXPIRED N1000\"");
    }

    @Test
    void whatIsDamagedIsReplaced() throws Exception {
        for (String damaged : new String[] {
            "", "{", "[]", "{\"version\":1,\"alarms\":{\"EXPIRES_SOON A\":\"x\"}}", "{\"version\":1,\"alarms\":7}"
        }) {
            Files.writeString(file, damaged);
            assertThat(isFirst("A", NOW)).as(damaged).isTrue();
            assertThat(isFirst("A", NOW)).as(damaged).isFalse();
        }
    }

    @Test
    void aLinkIsReplacedAndNotFollowed() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "mine");
        Files.createSymbolicLink(file, other);

        assertThat(isFirst("A", NOW)).isTrue();

        assertThat(other).content().isEqualTo("mine");
        assertThat(file).isRegularFile();
    }

    @Test
    void whatCannotBeNotedIsAnError() throws Exception {
        Files.createDirectory(file);
        assertThatThrownBy(() -> isFirst("A", NOW)).isInstanceOf(IOException.class);
    }
}
