package org.wucme.store.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.store.file.TestCertificates.NAME;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoreLock;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.TestCertificates.Issued;
import org.wucme.testing.ChildJvm;

/** What happens to a store when processes end at any moment, or work on it at once. */
@SuppressWarnings("NullAway.Init")
class ProcessesIT {

    private static final int LANES = 2;
    private static final int KILLS_PER_LANE = 100;
    private static final int KILLS_PER_STORE = 20;
    private static final int MOST_SAVES_BEFORE_KILL = 2;
    private static final int LONGEST_WAIT_MICROS = 40_000;

    @TempDir
    Path temporary;

    private static Path certificates;
    private static List<Issued> pool;
    private static ChildJvm jvm;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException, InterruptedException {
        certificates = folder;
        pool = SavingChild.writePool(folder);
        jvm = ChildJvm.prepare(
                folder, SavingChild.class, folder.resolve("store").toString(), folder.toString(), "0", "3");
    }

    private static Process startSaving(List<String> prefix, Path folder, int first, int count) throws IOException {
        return jvm.start(
                prefix,
                SavingChild.class,
                folder.toString(),
                certificates.toString(),
                Integer.toString(first),
                Integer.toString(count));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whenAProcessIsKilledAtAnyMomentThePairIsTheOldOrTheNew() throws Exception {
        long seed = System.nanoTime();
        List<Callable<Integer>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int number = lane;
            lanes.add(() -> killAgainAndAgain(number, new Random(seed + number)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        int saves = 0;
        try {
            for (Future<Integer> lane : threads.invokeAll(lanes)) {
                saves += lane.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println(LANES * KILLS_PER_LANE + " processes killed, " + saves + " saves");
        assertThat(saves).isGreaterThan(LANES * KILLS_PER_LANE / 2);
    }

    private int killAgainAndAgain(int lane, Random random) throws IOException, InterruptedException {
        int saves = 0;
        int acknowledged = -1;
        for (int kill = 0; kill < KILLS_PER_LANE; kill++) {
            Path folder = temporary.resolve("store" + lane + "-" + kill / KILLS_PER_STORE);
            acknowledged = kill % KILLS_PER_STORE == 0 ? -1 : acknowledged;
            int last = saveUntilKilled(folder, acknowledged, random);
            int found = requireComplete(folder, last);
            saves += found - acknowledged;
            acknowledged = found;
        }
        return saves;
    }

    /** The number of the last save that the process reported. */
    private int saveUntilKilled(Path folder, int before, Random random) throws IOException, InterruptedException {
        Process process = startSaving(List.of(), folder, before + 1, Integer.MAX_VALUE / 2);
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            int last = before;
            for (int saves = random.nextInt(MOST_SAVES_BEFORE_KILL + 1); saves > 0; saves--) {
                last = Integer.parseInt(output.readLine());
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_WAIT_MICROS)));
            // Through its handle, since the process itself would close the stream with what was not read yet.
            process.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                // The last line may be cut; what it is a part of was saved all the same.
                last = line.isEmpty() ? last : Math.max(last, Integer.parseInt(line));
            }
            return last;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Opens the store as after a crash; returns the number of the save that it holds. */
    private int requireComplete(Path folder, int acknowledged) throws IOException {
        FileStore store = FileStore.open(folder);
        List<StoredCertificate> stored = store.list();
        if (acknowledged < 0 && stored.isEmpty()) {
            return acknowledged;
        }
        assertThat(stored).hasSize(1);
        int found = requireNonNull(stored.get(0).renewal()).failures();
        assertThat(found).isBetween(acknowledged, acknowledged + 1);
        requirePair(stored.get(0), found);
        assertThat(folder.resolve("WUCME_K_WWW_EXAMPLE_ORG.PEM"))
                .hasContent(Pem.encode(pool.get(found % pool.size()).keyPair().getPrivate()));
        assertThat(files(folder)).noneMatch(file -> file.endsWith("_TMP"));
        assertThat(backups(folder)).hasSizeGreaterThanOrEqualTo(found);
        return found;
    }

    private void requirePair(StoredCertificate stored, int number) {
        Issued expected = pool.get(number % pool.size());
        assertThat(stored.problem()).isNull();
        assertThat(stored.chain()).isEqualTo(expected.chain());
        KeyPair key = requireNonNull(stored.keyPair());
        assertThat(key.getPrivate()).isEqualTo(expected.keyPair().getPrivate());
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void processesThatSaveAtOnceDoNotInterleave() throws Exception {
        Path folder = temporary.resolve("store");
        int count = 100;
        FileStore store = FileStore.open(folder);
        Process one = startSaving(List.of(), folder, 0, count);
        Process other = startSaving(List.of(), folder, 1000, count);
        try (BufferedReader output = one.inputReader();
                BufferedReader otherOutput = other.inputReader()) {
            while (one.isAlive() || other.isAlive()) {
                for (StoredCertificate stored : store.list()) {
                    assertThat(stored.problem()).isNull();
                    assertThat(requireNonNull(stored.chain()).leaf().getPublicKey())
                            .isEqualTo(requireNonNull(stored.keyPair()).getPublic());
                }
            }
            assertThat(output.lines()).hasSize(1 + count);
            assertThat(otherOutput.lines()).hasSize(1 + count);
        } finally {
            one.destroyForcibly();
            other.destroyForcibly();
        }
        assertThat(one.exitValue()).isZero();
        assertThat(other.exitValue()).isZero();
        requirePair(
                store.load(NAME).orElseThrow(),
                requireNonNull(store.load(NAME).orElseThrow().renewal()).failures());
        requireEverySaveOnce(folder, count);
    }

    /** Each certificate of the pool was saved as often as both processes together saved it; none was lost or mixed. */
    private void requireEverySaveOnce(Path folder, int count) throws IOException {
        List<Path> saved = new ArrayList<>(backups(folder));
        assertThat(saved).hasSize(2 * count - 1);
        saved.add(folder.resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM"));
        Map<String, Integer> times = new HashMap<>();
        for (Path file : saved) {
            times.merge(Files.readString(file), 1, Integer::sum);
        }
        Map<String, Integer> expected = new HashMap<>();
        for (Issued issued : pool) {
            expected.put(issued.chain().toPem() + Pem.encode(issued.keyPair().getPrivate()), 2 * count / pool.size());
        }
        assertThat(times).isEqualTo(expected);
    }

    @Test
    void aLockIsHeldAgainstOtherProcessesAndFreedWhenTheyEnd() throws Exception {
        Path folder = temporary.resolve("store");
        FileStore store = FileStore.open(folder);
        Process process = jvm.start(LockingChild.class, folder.toString());
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("locked");
            assertThat(store.lock(NAME, Duration.ofMillis(50))).isEmpty();
            store.lock("OTHER", Duration.ZERO).orElseThrow().close();
            assertThat(store.lock(NAME, Duration.ZERO)).isEmpty();
            assertThat(store.lockActive(Duration.ZERO)).isEmpty();
            assertThat(store.active().orElseThrow().pid()).isEqualTo(process.pid());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve("WUCME_ACTIVE.JSON")).exists();
        assertThat(store.active()).isEmpty();
        store.lockActive(Duration.ZERO).orElseThrow().close();
        try (@Nullable StoreLock lock = store.lock(NAME, Duration.ofSeconds(30)).orElse(null)) {
            assertThat(lock).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "077", "777"})
    void whateverTheUmaskFilesAreForTheirOwnerOnly(String umask) throws Exception {
        Path folder = temporary.resolve("store");
        Process process = startSaving(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"), folder, 0, 2);
        assertThat(process.waitFor()).isZero();
        assertThat(mode(folder)).isEqualTo("rwx------");
        assertThat(files(folder))
                .hasSize(5)
                .allSatisfy(file -> assertThat(mode(folder.resolve(file))).isEqualTo("rw-------"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static List<Path> backups(Path folder) throws IOException {
        return files(folder).stream()
                .filter(file -> file.matches("WUCME_C_WWW_EXAMPLE_ORG\\.PEM_\\d{16}"))
                .map(folder::resolve)
                .toList();
    }
}
