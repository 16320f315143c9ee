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
import java.util.Collections;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.Pem;
import org.wucme.store.LeaseNames;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.TestCertificates.Issued;
import org.wucme.testing.ChildJvm;

/** What happens to a store when processes end at any moment, or work on it at once. */
@SuppressWarnings("NullAway.Init")
class ProcessesIT {

    // Starting a process takes much longer than a save: each is killed while it saves in several stores at once.
    private static final int STORES = 4;
    private static final int LANES = 2;
    private static final int KILLS_PER_LANE = 25;
    private static final int KILLS_PER_STORE = 13;
    private static final int MOST_SAVES_BEFORE_KILL = 2 * STORES;
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
        jvm = ChildJvm.prepare(folder, SavingChild.class, SavingChild.arguments(folder, 3, folder.resolve("store"), 0));
    }

    private static Process startSaving(List<String> prefix, Path folder, int first, int count) throws IOException {
        return jvm.start(prefix, SavingChild.class, SavingChild.arguments(certificates, count, folder, first));
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
        int kills = LANES * KILLS_PER_LANE;
        System.out.println(kills + " processes killed, " + kills * STORES + " stores checked, " + saves + " saves");
        assertThat(saves).isGreaterThan(kills * STORES / 2);
    }

    private int killAgainAndAgain(int lane, Random random) throws IOException, InterruptedException {
        int saves = 0;
        List<Integer> acknowledged = List.of();
        for (int kill = 0; kill < KILLS_PER_LANE; kill++) {
            List<Path> folders = folders("store" + lane + "-" + kill / KILLS_PER_STORE);
            acknowledged = kill % KILLS_PER_STORE == 0 ? Collections.nCopies(STORES, -1) : acknowledged;
            List<Integer> last = saveUntilKilled(folders, acknowledged, random);
            List<Integer> found = new ArrayList<>();
            for (int store = 0; store < STORES; store++) {
                found.add(requireComplete(folders.get(store), last.get(store)));
                saves += found.get(store) - acknowledged.get(store);
            }
            acknowledged = found;
        }
        return saves;
    }

    private List<Path> folders(String name) {
        return IntStream.range(0, STORES)
                .mapToObj(store -> temporary.resolve(name + "-" + store))
                .toList();
    }

    /** The number of the last save that the process reported, for each store. */
    private List<Integer> saveUntilKilled(List<Path> folders, List<Integer> before, Random random)
            throws IOException, InterruptedException {
        List<Integer> firsts = before.stream().map(last -> last + 1).toList();
        Process process = jvm.start(
                SavingChild.class, SavingChild.arguments(certificates, Integer.MAX_VALUE / 2, folders, firsts));
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            List<Integer> last = new ArrayList<>(before);
            for (int saves = random.nextInt(MOST_SAVES_BEFORE_KILL + 1); saves > 0; saves--) {
                note(output.readLine(), last);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_WAIT_MICROS)));
            // Through its handle, since the process itself would close the stream with what was not read yet.
            process.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line, last);
            }
            return last;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    // The last line may be cut; the save with the number that begins there was acknowledged.
    private static void note(String line, List<Integer> last) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && !words[1].isEmpty()) {
            int store = Integer.parseInt(words[0]);
            last.set(store, Math.max(last.get(store), Integer.parseInt(words[1])));
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
        int found = requireNonNull(stored.get(0).renewal()).attempts().failures();
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
                requireNonNull(store.load(NAME).orElseThrow().renewal())
                        .attempts()
                        .failures());
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
            assertThat(store.lease(LeaseNames.certificate(NAME), Duration.ofMillis(50)))
                    .isEmpty();
            store.lease(LeaseNames.certificate("OTHER"), Duration.ZERO)
                    .orElseThrow()
                    .close();
            assertThat(store.lease(LeaseNames.certificate(NAME), Duration.ZERO)).isEmpty();
            assertThat(store.lease(LeaseNames.ACTIVE, Duration.ZERO)).isEmpty();
            assertThat(store.active().orElseThrow().pid()).isEqualTo(process.pid());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve("WUCME_ACTIVE.JSON")).exists();
        assertThat(store.active()).isEmpty();
        store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow().close();
        try (@Nullable
                Lease lock = store.lease(LeaseNames.certificate(NAME), Duration.ofSeconds(30))
                        .orElse(null)) {
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
                .hasSize(6)
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
