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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
import org.wucme.acme.challenge.Lease;
import org.wucme.store.ActiveManager;
import org.wucme.store.LeaseNames;
import org.wucme.store.TestWrites;

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
        try (Lease deploying =
                store.lease(LeaseNames.deployments(NAME), Duration.ZERO).orElseThrow()) {
            assertThat(deploying).isNotNull();
            assertThat(FileStore.open(folder).lease(LeaseNames.deployments(NAME), Duration.ofMillis(30)))
                    .isEmpty();
            store.lease(LeaseNames.certificate(NAME), Duration.ZERO)
                    .orElseThrow()
                    .close();
        }
        store.lease(LeaseNames.deployments(NAME), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void onlyOneHoldsTheLockOfACertificate() throws IOException {
        FileStore same = FileStore.open(folder);
        Lease lock = store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow();
        assertThat(same.lease(LeaseNames.certificate(NAME), Duration.ofMillis(30)))
                .isEmpty();
        try (Lease other =
                same.lease(LeaseNames.certificate("OTHER"), Duration.ZERO).orElseThrow()) {
            assertThat(other).isNotNull();
        }
        assertThat(store.lease(LeaseNames.certificate(NAME), Duration.ZERO)).isEmpty();
        lock.close();
        lock.close();
        same.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void savingDoesNotWaitForTheLockOfACertificate() throws IOException {
        try (Lease lock =
                store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow()) {
            store.save(lock, NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(0), null);
            assertThat(FileStore.open(folder).list()).hasSize(1);
            assertThat(store.lease(LeaseNames.certificate(NAME), Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whoWaitsGetsTheLockAsSoonAsItIsFree() throws IOException, ExecutionException, InterruptedException {
        Lease lock = store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow();
        Future<Optional<Lease>> waiting =
                threads.submit(() -> store.lease(LeaseNames.certificate(NAME), Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(waiting.isDone()).isFalse();
        lock.close();
        waiting.get().orElseThrow().close();
    }

    @Test
    void waitingIsInterruptible() throws IOException {
        try (Lease lock =
                store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.lease(LeaseNames.certificate(NAME), LONG))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void theLockFileIsNeverRemoved() throws IOException {
        store.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow().close();
        assertThat(folder.resolve("WUCME_LOCK.LCK")).isEmptyFile();
    }

    @Test
    void whoIsActiveIsToldForAsLongAsTheLockIsHeld() throws IOException {
        assertThat(store.active()).isEmpty();
        Instant before = Instant.now();

        try (Lease lock = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
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
        try (Lease lock = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(store.active()).isPresent();
            assertThat(store.active()).isPresent();
            assertThat(FileStore.open(folder).lease(LeaseNames.ACTIVE, Duration.ZERO))
                    .isEmpty();
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
        Lease lock = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow();
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

        try (Lease lock = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(store.active()).contains(ActiveManager.UNKNOWN);
        }
        assertThat(store.active()).isEmpty();
        assertThat(folder.resolve("WUCME_ACTIVE.JSON_TMP")).doesNotExist();
    }

    @Test
    void theLockOfTheActiveIsNoneOfTheStore() throws IOException {
        try (Lease lock = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            TestWrites.save(store, NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(0));
            store.lease(LeaseNames.certificate(NAME), Duration.ZERO)
                    .orElseThrow()
                    .close();
            assertThat(store.active()).isPresent();
        }
    }

    @Test
    void eachClaimHasALargerToken() throws IOException {
        long first = claimedToken(store, LeaseNames.certificate(NAME));
        long second = claimedToken(FileStore.open(folder), LeaseNames.certificate(NAME));
        long third = claimedToken(store, LeaseNames.ACTIVE);
        long fourth = claimedToken(store, LeaseNames.certificate(NAME));

        assertThat(List.of(first, second, third, fourth)).isSorted().doesNotHaveDuplicates();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("WUCME_LOCK.SEQ"))))
                .isEqualTo("rw-------");
    }

    @Test
    void tokensGrowThoughTheClockIsSetBack() throws IOException {
        long before = claimedToken(store, LeaseNames.certificate(NAME));
        FileStore past = FileStore.open(folder, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

        assertThat(claimedToken(past, LeaseNames.certificate(NAME))).isGreaterThan(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "frob", "-000000000000000001", "9223372036854775807"})
    void aDamagedTokenIsReplacedByALargerOne(String text) throws IOException {
        long before = claimedToken(store, LeaseNames.certificate(NAME));
        Files.writeString(folder.resolve("WUCME_LOCK.SEQ"), text);

        FileStore later = FileStore.open(folder, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(1)));
        long next = claimedToken(later, LeaseNames.certificate(NAME));

        assertThat(next).isGreaterThan(before);
        assertThat(claimedToken(FileStore.open(folder), LeaseNames.certificate(NAME)))
                .isGreaterThan(next);
    }

    @Test
    void aTokenThatCannotBeKeptCostsNoLease() throws IOException {
        Files.createDirectories(folder.resolve("WUCME_LOCK.SEQ"));

        long first = claimedToken(store, LeaseNames.certificate(NAME));

        assertThat(claimedToken(store, LeaseNames.certificate(NAME))).isGreaterThan(first);
    }

    private static long claimedToken(FileStore from, String name) throws IOException {
        try (Lease lease = from.lease(name, Duration.ZERO).orElseThrow()) {
            assertThat(lease.name()).isEqualTo(name);
            return lease.token();
        }
    }

    @Test
    void aLeaseIsHeldUntilItIsClosedAndIsNotLostByThat() throws IOException {
        AtomicInteger lost = new AtomicInteger();
        Lease lease = store.lease("dns/example.org", Duration.ZERO).orElseThrow();
        lease.onLost(lost::incrementAndGet);
        assertThat(lease.isHeld()).isTrue();
        assertThat(FileStore.open(folder).lease("dns/example.org", Duration.ZERO))
                .isEmpty();

        lease.close();

        assertThat(lease.isHeld()).isFalse();
        assertThat(lost).hasValue(0);
    }

    @Test
    void anInterruptWhileALeaseIsClaimedLosesNoOther() throws IOException {
        try (Lease held = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            Thread.currentThread().interrupt();
            store.lease(LeaseNames.certificate(NAME), Duration.ZERO)
                    .orElseThrow()
                    .close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(held.isHeld()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificate/no name", "certificate/", "certificate/ACCOUNT", "deploy/a/b"})
    void aLeaseOfNoCertificateIsRefused(String name) {
        assertThatThrownBy(() -> store.lease(name, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyThreadsSavingLoseNothing() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Callable<Integer>> savers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int saver = i;
            savers.add(() -> {
                FileStore own = FileStore.open(folder);
                try (Lease lock =
                        own.lease(LeaseNames.certificate("OTHER"), LONG).orElseThrow()) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    inside.decrementAndGet();
                }
                for (int j = 0; j < 3; j++) {
                    TestWrites.save(
                            own,
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
