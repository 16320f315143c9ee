package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.store.ActiveManager;
import org.wucme.store.StoreLock;

@SuppressWarnings("NullAway.Init")
class LockTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    Path folder;

    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileStore.open(folder);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void onlyOneCarriesOutTheDeploymentsOfACertificateWhichMayBeRenewedMeanwhile() throws IOException {
        try (StoreLock deploying = store.lockDeployments(NAME, Duration.ZERO).orElseThrow()) {
            assertThat(deploying).isNotNull();
            assertThat(FileStore.open(folder).lockDeployments(NAME, Duration.ofMillis(30)))
                    .isEmpty();
            store.lock(NAME, Duration.ZERO).orElseThrow().close();
        }
        store.lockDeployments(NAME, Duration.ZERO).orElseThrow().close();
    }

    @Test
    void onlyOneHoldsTheLockOfACertificate() throws IOException {
        FileStore same = FileStore.open(folder);
        StoreLock lock = store.lock(NAME, Duration.ZERO).orElseThrow();
        assertThat(same.lock(NAME, Duration.ofMillis(30))).isEmpty();
        try (StoreLock other = same.lock("OTHER", Duration.ZERO).orElseThrow()) {
            assertThat(other).isNotNull();
        }
        assertThat(store.lock(NAME, Duration.ZERO)).isEmpty();
        lock.close();
        lock.close();
        same.lock(NAME, Duration.ZERO).orElseThrow().close();
    }

    @Test
    void savingDoesNotWaitForTheLockOfACertificate() throws IOException {
        try (StoreLock lock = store.lock(NAME, Duration.ZERO).orElseThrow()) {
            store.save(NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(0));
            assertThat(FileStore.open(folder).list()).hasSize(1);
            assertThat(store.lock(NAME, Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whoWaitsGetsTheLockAsSoonAsItIsFree() throws IOException, ExecutionException, InterruptedException {
        StoreLock lock = store.lock(NAME, Duration.ZERO).orElseThrow();
        Future<Optional<StoreLock>> waiting =
                threads.submit(() -> store.lock(NAME, Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(waiting.isDone()).isFalse();
        lock.close();
        waiting.get().orElseThrow().close();
    }

    @Test
    void waitingIsInterruptible() throws IOException {
        try (StoreLock lock = store.lock(NAME, Duration.ZERO).orElseThrow()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.lock(NAME, LONG)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        store.lock(NAME, Duration.ZERO).orElseThrow().close();
    }

    @Test
    void theLockFileIsNeverRemoved() throws IOException {
        store.lock(NAME, Duration.ZERO).orElseThrow().close();
        assertThat(folder.resolve("WUCME_LOCK.LCK")).isEmptyFile();
    }

    @Test
    void whoIsActiveIsToldForAsLongAsTheLockIsHeld() throws IOException {
        assertThat(store.active()).isEmpty();
        Instant before = Instant.now();

        try (StoreLock lock = store.lockActive(Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            ActiveManager owner = FileStore.open(folder).active().orElseThrow();
            assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(owner.host()).isNotBlank();
            assertThat(owner.since()).isBetween(before, Instant.now());
            assertThat(owner.toString())
                    .startsWith("process " + owner.pid() + " on " + owner.host() + ", since ")
                    .endsWith(Objects.requireNonNull(owner.since()).truncatedTo(ChronoUnit.SECONDS) + "");
        }

        assertThat(store.active()).isEmpty();
        assertThat(folder.resolve("WUCME_ACTIVE.JSON")).doesNotExist();
        assertThat(folder.resolve("WUCME_ACTIVE.LCK")).isEmptyFile();
    }

    @Test
    void askingWhoIsActiveLosesNobodyTheLock() throws IOException {
        try (StoreLock lock = store.lockActive(Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(store.active()).isPresent();
            assertThat(store.active()).isPresent();
            assertThat(FileStore.open(folder).lockActive(Duration.ZERO)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frob",
                "[]",
                "{\"host\": 7}",
                "{\"pid\": \"x\"}",
                "{\"pid\": 1.5}",
                "{\"since\": \"yesterday\"}",
                "{}"
            })
    void aWordThatCannotBeReadDoesNoHarm(String text) throws IOException {
        Path word = folder.resolve("WUCME_ACTIVE.JSON");
        Files.writeString(word, text);
        assertThat(store.active()).isEmpty();
        StoreLock lock = store.lockActive(Duration.ZERO).orElseThrow();
        Files.writeString(word, text);

        assertThat(store.active()).contains(ActiveManager.UNKNOWN);
        assertThat(ActiveManager.UNKNOWN).hasToString("another process");

        Files.delete(word);
        assertThat(store.active()).contains(ActiveManager.UNKNOWN);
        lock.close();
        lock.close();
        assertThat(store.active()).isEmpty();
    }

    @Test
    void whoeverCannotSayWhoHeIsIsActiveAllTheSame() throws IOException {
        Files.createDirectories(folder.resolve("WUCME_ACTIVE.JSON").resolve("in the way"));

        try (StoreLock lock = store.lockActive(Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(store.active()).contains(ActiveManager.UNKNOWN);
        }
        assertThat(store.active()).isEmpty();
        assertThat(folder.resolve("WUCME_ACTIVE.JSON_TMP")).doesNotExist();
    }

    @Test
    void theLockOfTheActiveIsNoneOfTheStore() throws IOException {
        try (StoreLock lock = store.lockActive(Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            store.save(NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(0));
            store.lock(NAME, Duration.ZERO).orElseThrow().close();
            assertThat(store.active()).isPresent();
        }
    }

    @Test
    void manyThreadsSavingLoseNothing() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Callable<Integer>> savers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int saver = i;
            savers.add(() -> {
                FileStore own = FileStore.open(folder);
                try (StoreLock lock = own.lock("OTHER", LONG).orElseThrow()) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    inside.decrementAndGet();
                }
                for (int j = 0; j < 3; j++) {
                    own.save(
                            NAME,
                            POOL.get(saver % 4).chain(),
                            POOL.get(saver % 4).keyPair(),
                            renewal(saver));
                }
                return saver;
            });
        }
        for (Future<Integer> saved : threads.invokeAll(savers)) {
            saved.get();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().matches(".*PEM_\\d{16}")))
                    .hasSize(23);
        }
        assertThat(store.load(NAME).orElseThrow().problem()).isNull();
    }
}
