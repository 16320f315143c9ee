package org.wucme.store.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.Pem;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.FaultyFolder.Fault;
import org.wucme.store.file.TestCertificates.Issued;

@ExtendWith(QuietLog.class)
@SuppressWarnings("NullAway.Init")
class FaultTest {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER", "CRASH_HALFWAY", "DISK_FULL"})
    void whateverStepOfASaveFailsThePairIsTheOldOrTheNew(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path folder = temporary.resolve("step" + step);
            save(FileStore.open(folder), 0);
            FaultyFolder faulty = new FaultyFolder(folder, fault, step);
            boolean saved = happened(() -> save(FileStore.recovered(faulty, Clock.systemUTC()), 1));
            spared = faulty.wasSpared();
            StoredCertificate read = FileStore.open(folder).load(NAME).orElseThrow();
            assertThat(POOL.get(1).chain().equals(read.chain()) || !saved).isTrue();
            assertOldOrNew(folder);
            assertThat(step > 3 || !spared).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER", "CRASH_HALFWAY"})
    void whateverStepOfASaveFailsTheNextKeyIsThereUntilItsCertificateIs(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path folder = temporary.resolve("step" + step);
            FileStore store = FileStore.open(folder);
            save(store, 0);
            TestWrites.saveNextKey(store, NAME, POOL.get(1).keyPair());
            FaultyFolder faulty = new FaultyFolder(folder, fault, step);
            happened(() -> save(FileStore.recovered(faulty, Clock.systemUTC()), 1));
            spared = faulty.wasSpared();
            assertOldOrNew(folder);
            boolean isOld = POOL.get(0)
                    .chain()
                    .equals(FileStore.open(folder).load(NAME).orElseThrow().chain());
            assertThat(files(folder).contains("WUCME_K_WWW_EXAMPLE_ORG.PEM_NEXT"))
                    .isEqualTo(isOld);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER", "CRASH_HALFWAY", "DISK_FULL"})
    void whateverStepOfAFirstSaveFailsThereIsNothingOrAll(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path folder = Files.createDirectory(temporary.resolve("step" + step));
            FaultyFolder faulty = new FaultyFolder(folder, fault, step);
            boolean saved = happened(() -> save(FileStore.recovered(faulty, Clock.systemUTC()), 1));
            spared = faulty.wasSpared();
            FileStore reopened = FileStore.open(folder);
            if (saved || !reopened.list().isEmpty()) {
                assertOldOrNew(folder);
            }
            assertNoLeftOvers(folder);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void whateverStepOfARecoveryFailsTheNextOneFindsAPair(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path folder = temporary.resolve("step" + step);
            save(FileStore.open(folder), 0);
            interruptedAfterCommit(folder);
            FaultyFolder faulty = new FaultyFolder(folder, fault, step);
            FileStore.recovered(faulty, Clock.systemUTC());
            spared = faulty.wasSpared();
            assertOldOrNew(folder);
            assertThat(FileStore.open(folder).load(NAME).orElseThrow().chain())
                    .isEqualTo(POOL.get(1).chain());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void whateverStepOfARetirementFailsItHappenedOrNot(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path folder = temporary.resolve("step" + step);
            save(FileStore.open(folder), 0);
            FaultyFolder faulty = new FaultyFolder(folder, fault, step);
            boolean retired = happened(() -> TestWrites.archive(FileStore.recovered(faulty, Clock.systemUTC()), NAME));
            spared = faulty.wasSpared();
            FileStore reopened = FileStore.open(folder);
            if (reopened.load(NAME).isPresent()) {
                assertThat(retired).isFalse();
                assertOldOrNew(folder);
            } else {
                assertThat(files(folder))
                        .filteredOn(file -> !file.startsWith("WUCME_LOCK."))
                        .hasSize(3)
                        .allMatch(file -> file.contains("_REVOKED_"));
            }
        }
    }

    @Test
    void aSaveThatGotPastItsRenameIsSeenWholeEvenBeforeItIsPutRight() throws IOException {
        Path folder = temporary.resolve("wucme");
        FileStore store = FileStore.open(folder);
        save(store, 0);
        interruptedAfterCommit(folder);
        StoredCertificate stored = store.load(NAME).orElseThrow();
        assertThat(stored.chain()).isEqualTo(POOL.get(1).chain());
        assertThat(stored.renewal()).isEqualTo(renewal(1));

        TestWrites.saveRecord(
                store,
                NAME,
                RecordBuilder.of(requireNonNull(stored.renewal())).failures(5).build());
        assertThat(requireNonNull(store.load(NAME).orElseThrow().renewal())
                        .attempts()
                        .failures())
                .isEqualTo(5);
        assertNoLeftOvers(folder);
    }

    /** Leaves what a crash right after the rename leaves. */
    private static void interruptedAfterCommit(Path folder) throws IOException {
        FaultyFolder faulty = new FaultyFolder(folder, Fault.CRASH_BEFORE, 6);
        save(FileStore.recovered(faulty, Clock.systemUTC()), 1);
        assertThat(files(folder))
                .contains("WUCME_K_WWW_EXAMPLE_ORG.PEM_TMP", "WUCME_R_WWW_EXAMPLE_ORG.JSON_TMP")
                .doesNotContain("WUCME_C_WWW_EXAMPLE_ORG.PEM_TMP");
    }

    @Test
    void aFullDiskLeavesTheOldPairAndSaysSo() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()),
                "tmpfs needs root; the other tests of a full disk ran");
        try {
            FileStore store = FileStore.open(disk.resolve("wucme"));
            save(store, 0);
            fill(disk.resolve("filler"));
            assertThatThrownBy(() -> store.requireWritable(NAME)).hasMessageContaining("No space left");
            assertThatThrownBy(() -> save(store, 1))
                    .hasMessageContaining("No space left")
                    .hasMessageContaining("_TMP");
            assertThat(store.load(NAME).orElseThrow().chain())
                    .isEqualTo(POOL.get(0).chain());
            assertOldOrNew(disk.resolve("wucme"));
            Files.delete(disk.resolve("filler"));
            save(store, 1);
            assertThat(store.load(NAME).orElseThrow().chain())
                    .isEqualTo(POOL.get(1).chain());
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertOldOrNew(Path folder) throws IOException {
        StoredCertificate stored = FileStore.open(folder).load(NAME).orElseThrow();
        assertThat(stored.problem()).isNull();
        RenewalRecord renewal = requireNonNull(stored.renewal());
        Issued issued = POOL.get(renewal.attempts().failures());
        assertThat(stored.chain()).isEqualTo(issued.chain());
        assertThat(requireNonNull(stored.keyPair()).getPrivate())
                .isEqualTo(issued.keyPair().getPrivate());
        assertThat(folder.resolve("WUCME_K_WWW_EXAMPLE_ORG.PEM"))
                .hasContent(Pem.encode(issued.keyPair().getPrivate()));
        assertNoLeftOvers(folder);
    }

    private static void assertNoLeftOvers(Path folder) throws IOException {
        assertThat(files(folder)).noneMatch(file -> file.endsWith("_TMP"));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static void save(FileStore store, int index) throws IOException {
        TestWrites.save(store, NAME, POOL.get(index).chain(), POOL.get(index).keyPair(), renewal(index));
    }

    private static boolean happened(Action action) {
        try {
            action.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private interface Action {
        void run() throws IOException;
    }
}
