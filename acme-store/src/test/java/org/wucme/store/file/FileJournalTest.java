package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.challenge.JournaledRecord;

@SuppressWarnings("NullAway.Init")
class FileJournalTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path folder;

    private FileStore at(int seconds) throws IOException {
        return FileStore.open(folder, Clock.fixed(NOW.plusSeconds(seconds), ZoneOffset.UTC));
    }

    private static JournaledRecord record(String value, String handle) {
        return new JournaledRecord("test", "example.org", "_acme-challenge.example.org", value, handle);
    }

    @Test
    void recordsAreThereAfterACrashInTheirOrderUntilTheyAreStruckOut() throws IOException {
        at(2).records().add(record("b", "7"));
        at(1).records().add(record("a", "8"));
        assertThat(at(3).records().pending()).containsExactly(record("a", "8"), record("b", "7"));

        at(3).records().remove(record("a", "other"));
        at(3).records().remove(record("c", "9"));

        assertThat(at(3).records().pending()).containsExactly(record("b", "7"));
        assertThat(at(3).list()).isEmpty();
    }

    @Test
    void aHandleThatBecomesKnownChangesNoOrder() throws IOException {
        at(1).records().add(new JournaledRecord("test", "example.org", "a.example.org", "a", null));
        at(2).records().add(record("b", "7"));

        JournaledRecord known = new JournaledRecord("test", "example.org", "a.example.org", "a", "5");
        at(3).records().add(known);

        assertThat(at(3).records().pending()).containsExactly(known, record("b", "7"));
    }

    @Test
    void aFileThatIsNotUnderstoodIsLeftAlone() throws IOException {
        at(1).records().add(record("a", "8"));
        Path damaged = folder.resolve("WUCME_J_0123456789ABCDEF0123456789ABCDE.JSON");
        Files.writeString(damaged, "my notes");

        assertThat(at(2).records().pending()).containsExactly(record("a", "8"));
        assertThat(damaged).hasContent("my notes");
    }
}
