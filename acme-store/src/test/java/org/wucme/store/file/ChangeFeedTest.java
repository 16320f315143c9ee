package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.StoreChanges;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;

@SuppressWarnings("NullAway.Init")
class ChangeFeedTest {

    private final FileTime longAgo = FileTime.from(Instant.now().minusSeconds(3600));

    @TempDir
    Path folder;

    private final AtomicInteger opened = new AtomicInteger();
    private volatile Instant time = Instant.parse("2026-11-30T12:00:00Z");
    private FileStore other;
    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        other = FileStore.open(folder);
        Folder counting = new Folder(folder) {
            @Override
            byte[] bytes(Path file) throws IOException {
                opened.incrementAndGet();
                return super.bytes(file);
            }
        };
        store = FileStore.recovered(counting, new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time;
            }
        });
    }

    private void save(String name, int index) throws IOException {
        TestWrites.save(other, name, POOL.get(index).chain(), POOL.get(index).keyPair(), renewal(index));
    }

    /** Makes all files so old that their times tell of the next change. */
    private void settle() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, longAgo);
            }
        }
        Files.setLastModifiedTime(folder, longAgo);
    }

    private static List<String> names(StoreChanges changes) {
        return changes.changed().stream().map(StoredCertificate::name).toList();
    }

    @Test
    void theFirstCallAndAnUnknownCursorGetAllWithoutKeys() throws IOException {
        save("A", 0);
        TestWrites.saveRecord(other, "B", renewal(1));

        StoreChanges first = store.changedSince(null);

        assertThat(first.isComplete()).isTrue();
        assertThat(names(first)).containsExactly("A", "B");
        StoredCertificate a = first.changed().get(0);
        assertThat(a.chain()).isEqualTo(POOL.get(0).chain());
        assertThat(a.keyPair()).isNull();
        assertThat(a.renewal()).isEqualTo(renewal(0));
        assertThat(names(store.changedSince("elsewhere 7"))).containsExactly("A", "B");
        assertThat(store.changedSince(other.changedSince(null).cursor()).isComplete())
                .isTrue();
    }

    @Test
    void onlyWhatChangedIsOpenedAndReported() throws IOException {
        for (int i = 0; i < 20; i++) {
            save("N" + i, i % 4);
        }
        settle();
        String cursor = store.changedSince(null).cursor();
        opened.set(0);

        StoreChanges nothing = store.changedSince(cursor);
        assertThat(names(nothing)).isEmpty();
        assertThat(nothing.removed()).isEmpty();
        assertThat(opened).hasValue(0);

        TestWrites.saveRecord(other, "N3", renewal(3));
        save("N7", 2);
        TestWrites.archive(other, "N9");
        StoreChanges some = store.changedSince(nothing.cursor());

        assertThat(some.isComplete()).isFalse();
        assertThat(names(some)).containsExactly("N7");
        assertThat(some.removed()).containsExactly("N9");
        assertThat(opened.get()).isLessThanOrEqualTo(6);
        assertThat(names(store.changedSince(cursor))).containsExactly("N7");
        assertThat(store.changedSince(some.cursor()).changed()).isEmpty();
    }

    @Test
    void aCertificateThatComesBackIsChangedAndNotRemoved() throws IOException {
        save("A", 0);
        String before = store.changedSince(null).cursor();
        TestWrites.archive(other, "A");
        assertThat(store.changedSince(before).removed()).containsExactly("A");
        save("A", 1);

        StoreChanges after = store.changedSince(before);

        assertThat(after.removed()).isEmpty();
        assertThat(names(after)).containsExactly("A");
    }

    @Test
    void twoChangesWithinTheStepOfAFileSystemsClockAreBothSeen() throws IOException {
        save("A", 0);
        String first = store.changedSince(null).cursor();
        TestWrites.saveRecord(other, "A", renewal(1));
        StoreChanges second = store.changedSince(first);
        TestWrites.saveRecord(other, "A", renewal(2));
        StoreChanges third = store.changedSince(second.cursor());

        assertThat(second.changed().get(0).renewal()).isEqualTo(renewal(1));
        assertThat(third.changed().get(0).renewal()).isEqualTo(renewal(2));
    }

    @Test
    void onceAnHourAllFilesAreOpenedAndWhatIsTheSameIsNotReported() throws IOException {
        save("A", 0);
        save("B", 1);
        settle();
        String cursor = store.changedSince(null).cursor();
        opened.set(0);

        time = time.plus(ChangeFeed.BETWEEN_FULL_READS);
        StoreChanges later = store.changedSince(cursor);

        assertThat(opened.get()).isGreaterThanOrEqualTo(4);
        assertThat(later.isComplete()).isFalse();
        assertThat(later.changed()).isEmpty();
        time = time.plus(Duration.ofMinutes(1));
        opened.set(0);
        assertThat(store.changedSince(later.cursor()).changed()).isEmpty();
        assertThat(opened).hasValue(0);
    }

    @Test
    void whatCannotBeReadIsReportedOnceWithItsProblem() throws IOException {
        save("A", 0);
        String cursor = store.changedSince(null).cursor();
        Files.writeString(folder.resolve("WUCME_R_A.JSON"), "my notes");

        StoreChanges broken = store.changedSince(cursor);

        assertThat(broken.changed().get(0).problem()).contains("WUCME_R_A.JSON");
        assertThat(store.changedSince(broken.cursor()).changed()).isEmpty();
    }

    @Test
    void pagesHaveAllOnceInOrderAndCountingOpensNothing() throws IOException {
        for (String name : List.of("C", "A", "D", "B")) {
            save(name, 0);
        }
        opened.set(0);
        assertThat(store.count()).isEqualTo(4);
        assertThat(opened).hasValue(0);

        List<StoredCertificate> first = store.page(null, 3);
        List<StoredCertificate> second = store.page("C", 3);

        assertThat(first).extracting(StoredCertificate::name).containsExactly("A", "B", "C");
        assertThat(second).extracting(StoredCertificate::name).containsExactly("D");
        assertThat(first).allSatisfy(stored -> assertThat(stored.keyPair()).isNull());
        assertThat(store.page("D", 3)).isEmpty();
    }
}
