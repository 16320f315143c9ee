package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.wucme.store.LeaseNames;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.FaultyFolder.Fault;
import org.wucme.store.file.TestCertificates.Issued;
import org.wucme.testing.LimitedFileSystem;
import org.wucme.testing.LimitedFileSystem.Limit;

/** What a file system cannot do either does not matter, or is known before anything is ordered. */
class LimitedFileSystemTest {

    private static final String URL = "https://ca.example/directory";

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private final Logger logger = Logger.getLogger("org.wucme.store");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(String.format(entry.getMessage().replace("{}", "%s"), entry.getParameters()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void begin() {
        logger.addHandler(handler);
    }

    @AfterEach
    void end() {
        logger.removeHandler(handler);
    }

    private FileStore store(Limit... limits) throws IOException {
        return FileStore.open(LimitedFileSystem.of(folder.resolve("here"), limits));
    }

    private List<String> files(String inFolder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(inFolder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.contains("_LOCK.") && !name.endsWith(".LCK"))
                    .sorted()
                    .toList();
        }
    }

    private static void save(FileStore store, Issued issued) throws IOException {
        store.requireWritable(NAME);
        TestWrites.save(store, NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(0));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NO_LOCKS", "NO_REPLACEMENT", "FAILING_DISK"})
    void whatDoesNotMatterIsIgnored(Limit limit) throws Exception {
        FileStore store = store(limit);
        assertThat(store.list()).isEmpty();
        store.saveAccount(new StoredAccount(URL, null, List.of(), POOL.get(0).keyPair()));
        store.saveAccount(
                new StoredAccount(URL, URL + "/1", List.of(), POOL.get(0).keyPair()));
        TestWrites.saveNextKey(store, NAME, POOL.get(1).keyPair());
        save(store, POOL.get(0));
        save(store, POOL.get(1));

        FileStore again = store(limit);
        assertThat(again.list())
                .extracting(StoredCertificate::chain)
                .containsExactly(POOL.get(1).chain());
        assertThat(again.loadAccount(URL))
                .get()
                .extracting(StoredAccount::accountUrl)
                .isEqualTo(URL + "/1");
        assertThat(files("here"))
                .hasSize(6)
                .noneMatch(name -> name.endsWith("_TMP"))
                .anyMatch(name -> name.startsWith("WUCME_C_WWW_EXAMPLE_ORG.PEM_2"));
        assertThat(warnings).hasSize(limit == Limit.NO_MODES ? 1 : 0);
    }

    @Test
    void thatOthersMayReadKeysIsSaidBeforeTheFirst() throws Exception {
        store(Limit.NO_MODES).requireWritable(NAME);

        assertThat(files("here")).isEmpty();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains(
                        folder.resolve("here").toString(),
                        "other users may read private keys",
                        "rwxr-xr-x",
                        "not permitted");
    }

    @Test
    void withoutLocksNothingIsOrdered() throws Exception {
        FileStore store = store(Limit.NO_LOCKS);

        assertNoLocks(() -> store.requireWritable(NAME));
        assertNoLocks(() -> store.lease(LeaseNames.certificate(NAME), Duration.ZERO));
        assertNoLocks(() -> store.lease(LeaseNames.ACTIVE, Duration.ZERO));
        assertNoLocks(() -> store.saveAccount(
                new StoredAccount(URL, null, List.of(), POOL.get(0).keyPair())));
        assertThat(store.active()).isEmpty();
        assertThat(store.list()).isEmpty();
        assertThat(files("here")).isEmpty();
    }

    @Test
    void aDiskThatFailsIsNotTakenForOneThatCannotLock() throws Exception {
        FileStore store = store(Limit.FAILING_DISK);

        assertThatThrownBy(() -> store.lease(LeaseNames.certificate(NAME), Duration.ZERO))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoLocksException.class)
                .hasMessageContainingAll(folder.resolve("here").toString(), "Input/output error");
        assertThatThrownBy(() -> store.lease(LeaseNames.ACTIVE, Duration.ZERO)).isNotInstanceOf(NoLocksException.class);
    }

    @Test
    void aFolderThatTheDiskFailsToWriteIsAWarning() throws Exception {
        Folder failing = new Folder(LimitedFileSystem.of(folder, Limit.FAILING_DISK));

        failing.put(failing.path().resolve("x"), "content");

        assertThat(folder.resolve("x")).hasContent("content");
        assertThat(warnings).singleElement().asString().contains("Input/output error", folder.toString());
    }

    private void assertNoLocks(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(folder.resolve("here").toString(), "LCK", "No locks available", "file system");
    }

    @Test
    void whereFilesCannotBeReplacedNothingIsOrdered() throws Exception {
        FileStore store = store(Limit.NO_REPLACEMENT);

        assertThatThrownBy(() -> store.requireWritable(NAME))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(folder.resolve("here").toString(), "cannot be replaced", "File exists");
        assertThatThrownBy(() -> store.saveAccount(
                        new StoredAccount(URL, null, List.of(), POOL.get(0).keyPair())))
                .hasMessageContaining("cannot be replaced");
        assertThat(files("here")).isEmpty();
    }

    @Test
    void aProbeThatIsCutShortLeavesNothingForLong() throws Exception {
        save(store(), POOL.get(0));
        List<String> before = files("here");
        FaultyFolder folderOfRun;
        int step = 0;
        do {
            step++;
            folderOfRun = new FaultyFolder(folder.resolve("here"), Fault.CRASH_AFTER, step);
            FileStore dying = FileStore.recovered(folderOfRun, Clock.systemUTC());
            try {
                dying.requireWritable(NAME);
            } catch (IOException e) {
                assertThat(e).hasMessage("crashed");
            }
            assertThat(store().list()).hasSize(1);
            assertThat(files("here")).isEqualTo(before);
        } while (!folderOfRun.wasSpared());
        assertThat(step).isGreaterThan(2);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NO_SYMBOLIC_LINKS", "NO_REPLACEMENT", "FAILING_DISK"})
    void exportsAreMadeOnOtherFileSystemsToo(Limit limit) throws Exception {
        Path place = LimitedFileSystem.of(folder.resolve("tls"), limit);
        for (Issued issued : List.of(POOL.get(0), POOL.get(1))) {
            CertificateExport export = CertificateExport.of(stored(issued));
            assertThat(export.toPem(place)).isTrue();
            assertThat(export.toPkcs12(place.resolve("key.p12"), "secret".toCharArray()))
                    .isTrue();
            assertThat(export.toPem(place)).isFalse();
        }
        assertThat(folder.resolve("tls/cert.pem")).isNotEmptyFile();
    }

    @Test
    void anExportThatFailsLeavesNoKeyBehind() throws Exception {
        Path place = LimitedFileSystem.of(folder.resolve("tls"), Limit.NO_SYMBOLIC_LINKS);
        CertificateExport export = CertificateExport.of(stored(POOL.get(0)));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> export.toPem(place))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContainingAll(place.toString(), "symbolic link", "not permitted", "PKCS#12");
        }
        assertThat(files("tls")).containsExactly(".wucme.lck");
    }

    private static StoredCertificate stored(Issued issued) {
        return new StoredCertificate(NAME, "/store", issued.chain(), issued.keyPair(), null, null);
    }
}
