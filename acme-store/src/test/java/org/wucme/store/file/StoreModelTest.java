package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;

/** After any series of changes, a store holds what a map would hold. */
class StoreModelTest {

    private static final List<String> NAMES = List.of("A", "B_EXAMPLE", "_B_EXAMPLE");

    enum Verb {
        SAVE,
        SAVE_RENEWAL,
        SAVE_NEXT_KEY,
        RETIRE,
        REOPEN,
        LOSE_KEY_FILE,
        LEAVE_TEMPORARY_FILES
    }

    record Change(Verb verb, String name, int value) {}

    /** What is stored under one name, each part by its index in the pool. */
    record State(
            @Nullable Integer certificate,
            @Nullable Integer renewal,
            @Nullable Integer nextKey) {
        static final State NOTHING = new State(null, null, null);
    }

    @Property(tries = 40)
    void aStoreHoldsWhatAMapHolds(@ForAll("changes") List<Change> changes) throws IOException {
        Path folder = Files.createTempDirectory("wucme-model");
        try {
            Run run = new Run(folder);
            for (Change change : changes) {
                run.apply(change);
                run.compare();
            }
            run.reopen();
            run.compare();
        } finally {
            delete(folder);
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.of(Verb.class),
                        Arbitraries.of(NAMES),
                        Arbitraries.integers().between(0, 3))
                .as(Change::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    private static final class Run {

        private final Path folder;
        private final Map<String, State> model = new TreeMap<>();
        private FileStore store;

        Run(Path folder) throws IOException {
            this.folder = folder;
            this.store = FileStore.open(folder);
        }

        void reopen() throws IOException {
            store = FileStore.open(folder);
        }

        void apply(Change change) throws IOException {
            String name = change.name();
            int value = change.value();
            State state = model.getOrDefault(name, State.NOTHING);
            switch (change.verb()) {
                case SAVE -> {
                    TestWrites.save(
                            store,
                            name,
                            POOL.get(value).chain(),
                            POOL.get(value).keyPair(),
                            renewal(value));
                    Integer next = state.nextKey() != null && state.nextKey() == value ? null : state.nextKey();
                    model.put(name, new State(value, value, next));
                }
                case SAVE_RENEWAL -> {
                    TestWrites.saveRecord(store, name, renewal(value));
                    model.put(name, new State(state.certificate(), value, state.nextKey()));
                }
                case SAVE_NEXT_KEY -> {
                    TestWrites.saveNextKey(store, name, POOL.get(value).keyPair());
                    model.put(name, new State(state.certificate(), state.renewal(), value));
                }
                case RETIRE -> {
                    if (state.certificate() != null) {
                        TestWrites.archive(store, name);
                        model.put(name, new State(null, null, state.nextKey()));
                    }
                }
                case REOPEN -> reopen();
                case LOSE_KEY_FILE -> Files.deleteIfExists(folder.resolve(FileNames.key(name)));
                case LEAVE_TEMPORARY_FILES -> {
                    Files.writeString(folder.resolve(FileNames.certificate(name) + "_TMP"), "torn");
                    Files.writeString(folder.resolve(FileNames.key(name) + "_TMP"), "torn");
                    Files.writeString(folder.resolve(FileNames.renewal(name) + "_TMP"), "{\"torn");
                }
            }
        }

        void compare() throws IOException {
            for (String name : NAMES) {
                State expected = model.getOrDefault(name, State.NOTHING);
                Optional<StoredCertificate> stored = store.load(name);
                assertThat(stored.map(StoredCertificate::chain)).isEqualTo(chain(expected.certificate()));
                assertThat(stored.map(StoredCertificate::keyPair).map(KeyPair::getPrivate))
                        .isEqualTo(key(expected.certificate()).map(KeyPair::getPrivate));
                assertThat(stored.map(StoredCertificate::renewal))
                        .isEqualTo(Optional.ofNullable(expected.renewal()).map(TestRecords::renewal));
                assertThat(stored.map(StoredCertificate::problem)).isEmpty();
                assertThat(store.loadNextKey(name).map(KeyPair::getPrivate))
                        .isEqualTo(key(expected.nextKey()).map(KeyPair::getPrivate));
            }
            List<String> names = model.entrySet().stream()
                    .filter(entry -> entry.getValue().certificate() != null
                            || entry.getValue().renewal() != null)
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(store.list()).extracting(StoredCertificate::name).isEqualTo(names);
        }

        private static Optional<CertificateChain> chain(@Nullable Integer index) {
            return Optional.ofNullable(index).map(i -> POOL.get(i).chain());
        }

        private static Optional<KeyPair> key(@Nullable Integer index) {
            return Optional.ofNullable(index).map(i -> POOL.get(i).keyPair());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
