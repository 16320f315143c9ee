package org.wucme.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStartTest {

    private static final Instant BOOT = Instant.parse("2026-11-30T08:00:00Z");

    @TempDir
    Path processes;

    private ProcessStart startAfter(Duration sinceBoot) {
        return new ProcessStart(BOOT, sinceBoot);
    }

    private void machineBootedAt(Instant boot) throws IOException {
        Files.writeString(
                processes.resolve("stat"), "cpu  1 2 3\nintr 5\nctxt 7\nbtime " + boot.getEpochSecond() + "\n");
    }

    @Test
    void aClockThatIsPutBackMovesTheStartWithIt() throws Exception {
        Files.createDirectory(processes.resolve("77"));
        Files.writeString(
                processes.resolve("77/stat"),
                "77 (a) b (c)) S 1 4 4 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 360050 2700000 200 18446744073709551615\n");
        machineBootedAt(BOOT);
        assertThat(ProcessStart.of(77, processes).instant())
                .isEqualTo(BOOT.plusSeconds(3600).plusMillis(500));

        machineBootedAt(BOOT.minusSeconds(7200));

        assertThat(ProcessStart.of(77, processes).instant())
                .isEqualTo(BOOT.minusSeconds(3600).plusMillis(500));
    }

    @Test
    void itIsWhatTheJdkSaysWhileTheClockIsRight() {
        ProcessHandle self = ProcessHandle.current();

        assertThat(ProcessStart.of(self.pid()).orElseThrow().instant())
                .isCloseTo(self.info().startInstant().orElseThrow(), within(3, ChronoUnit.SECONDS));
        assertThat(ProcessStart.of(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aSystemThatTellsLessIsAnError() throws Exception {
        Files.createDirectory(processes.resolve("77"));
        Files.writeString(processes.resolve("77/stat"), "77 (a) S 1\n");
        Files.writeString(processes.resolve("stat"), "cpu 1\n");
        assertThatThrownBy(() -> ProcessStart.of(77, processes)).isInstanceOf(IOException.class);

        machineBootedAt(BOOT);
        assertThatThrownBy(() -> ProcessStart.of(77, processes)).isInstanceOf(IOException.class);
    }

    @Test
    void aFileOfBeforeTheStartIsAnotherProcesss() {
        ProcessStart start = startAfter(Duration.ofHours(5));

        for (boolean isInMemory : new boolean[] {true, false}) {
            assertThat(start.isAfter(BOOT.plus(Duration.ofHours(4)), isInMemory))
                    .isTrue();
            assertThat(start.isAfter(BOOT.plus(Duration.ofHours(5)), isInMemory))
                    .isFalse();
            assertThat(start.isAfter(BOOT.plus(Duration.ofHours(6)), isInMemory))
                    .isFalse();
        }
    }

    @Test
    void aFileInMemoryThatSeemsOlderThanTheBootWasWrittenBeforeTheClockWasSet() {
        for (Duration sinceBoot : new Duration[] {Duration.ofSeconds(20), Duration.ofHours(5)}) {
            ProcessStart start = startAfter(sinceBoot);

            assertThat(start.isAfter(BOOT.minus(Duration.ofDays(20000)), true)).isFalse();
            assertThat(start.isAfter(BOOT.minusSeconds(1), true)).isFalse();
            assertThat(start.isAfter(BOOT.minusSeconds(1), false)).isTrue();
        }
    }

    @Test
    void aClockThatIsSetByLittleWhileTheMachineStartsIsNoReasonToRefuse() {
        ProcessStart nginx = startAfter(Duration.ofSeconds(40));

        assertThat(nginx.isAfter(BOOT.plusSeconds(10), true)).isFalse();
        assertThat(nginx.isAfter(BOOT.plusSeconds(10), false)).isTrue();
    }
}
