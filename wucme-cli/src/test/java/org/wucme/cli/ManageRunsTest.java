package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManageRunsTest {

    private static final Instant START = Instant.parse("2026-11-22T00:20:27Z");

    @TempDir
    Path folder;

    private ManageRuns runs(String... gaps) {
        Instant time = START;
        ManageRuns runs = ManageRuns.begin(folder, time);
        for (String gap : gaps) {
            time = time.plus(Duration.parse(gap));
            runs = ManageRuns.begin(folder, time);
        }
        return runs;
    }

    @Test
    void beforeThereWereFourRunsTheIntervalIsNotKnown() {
        assertThat(runs().interval()).isEmpty();
        assertThat(runs("PT1H", "PT1H").interval()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT1H PT1H PT1H, PT63M",
        "P1D P1D PT1M PT2M P1D, PT25H12M",
        "P1D PT1H PT1H PT1H PT1H PT1H, PT63M",
        "P1D P1D P40D P1D, P8DT9H36M"
    })
    void theIntervalIsTheLongestTimeBetweenTheLatestRunsAndALittleMore(String gaps, Duration interval) {
        assertThat(runs(gaps.split(" ", -1)).interval()).contains(interval);
    }

    @Test
    void whatWasNotedByAClockThatWasAheadDoesNotCount() {
        runs("P1D", "P1D", "P400D");

        assertThat(ManageRuns.begin(folder, START.plus(Duration.ofDays(3))).starts())
                .containsExactly(
                        START,
                        START.plus(Duration.ofDays(1)),
                        START.plus(Duration.ofDays(2)),
                        START.plus(Duration.ofDays(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday\n", "\u0000", "9999999999-01-01T00:00:00Z"})
    void aFileThatCannotBeUnderstoodIsReplaced(String content) throws IOException {
        Files.writeString(folder.resolve(ManageRuns.FILE_NAME), content);

        assertThat(runs("PT1H", "PT1H", "PT1H").interval()).contains(Duration.ofMinutes(63));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoObstacle() throws IOException {
        Files.createDirectory(folder.resolve(ManageRuns.FILE_NAME));

        assertThat(runs("PT1H", "PT1H", "PT1H").interval()).isEmpty();
    }
}
