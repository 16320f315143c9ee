package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.store.file.TestCertificates.DIRECTORY;
import static org.wucme.store.file.TestCertificates.OTHER_DIRECTORY;
import static org.wucme.store.file.TestCertificates.POOL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.file.FaultyFolder.Fault;

@ExtendWith(QuietLog.class)
@SuppressWarnings("NullAway.Init")
class AccountsTest {

    private static final KeyPair KEY = POOL.get(0).keyPair();
    private static final KeyPair OTHER_KEY = POOL.get(1).keyPair();
    private static final StoredAccount ACCOUNT = account(DIRECTORY, "https://ca.example/acct/1", KEY);
    private static final StoredAccount OTHER_ACCOUNT =
            account(OTHER_DIRECTORY, "https://other-ca.example/acct/7", OTHER_KEY);

    @TempDir
    Path folder;

    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileStore.open(folder);
    }

    @Test
    void thereIsNoAccountAtFirst() throws IOException {
        assertThat(store.loadAccount(DIRECTORY)).isEmpty();
        assertThat(store.defaultDirectoryUrl()).isEmpty();
    }

    @Test
    void theFirstCaIsTheDefaultAndHasTheNamesOfWucme() throws IOException {
        store.saveAccount(ACCOUNT);
        assertThat(files()).containsExactlyInAnyOrder("WUCME_K_ACCOUNT.PEM", "WUCME_R_ACCOUNT.JSON", "WUCME_LOCK.LCK");
        assertThat(store.defaultDirectoryUrl()).contains(DIRECTORY);
        assertStored(ACCOUNT);
        assertThat(store.loadAccount(OTHER_DIRECTORY)).isEmpty();
    }

    @Test
    void eachCaHasItsOwnAccount() throws IOException {
        store.saveAccount(ACCOUNT);
        store.saveAccount(OTHER_ACCOUNT);
        assertStored(ACCOUNT);
        assertStored(OTHER_ACCOUNT);
        assertThat(store.defaultDirectoryUrl()).contains(DIRECTORY);
        String name = FileNames.accountNameOf(OTHER_DIRECTORY);
        assertThat(files()).contains("WUCME_K_" + name + ".PEM", "WUCME_R_" + name + ".JSON");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void anAccountIsChangedInPlace() throws IOException {
        store.saveAccount(ACCOUNT);
        Path record = folder.resolve("WUCME_R_ACCOUNT.JSON");
        Files.writeString(record, Files.readString(record).replaceFirst("\\{", "{\"later\": 1,"));
        StoredAccount changed = new StoredAccount(DIRECTORY, ACCOUNT.accountUrl(), List.of(), KEY);
        store.saveAccount(changed);
        assertStored(changed);
        assertThat(files()).hasSize(3);
        assertThat(Files.readString(record)).contains("\"later\" : 1");
    }

    @Test
    void aKeyThatIsReplacedIsKept() throws IOException {
        store.saveAccount(ACCOUNT);
        String old = Files.readString(folder.resolve("WUCME_K_ACCOUNT.PEM"));
        StoredAccount changed = account(DIRECTORY, "https://ca.example/acct/2", OTHER_KEY);
        store.saveAccount(changed);
        assertStored(changed);
        assertThat(files())
                .filteredOn(file -> file.matches("WUCME_K_ACCOUNT\\.PEM_\\d{16}"))
                .hasSize(1)
                .allSatisfy(file -> assertThat(folder.resolve(file)).hasContent(old));
    }

    @Test
    void aKeyOfWucmeServesWhicheverCaAsks() throws IOException {
        Files.writeString(folder.resolve("wucme_k_account.pem"), Pem.encode(KEY.getPrivate()));
        for (String directory : List.of(DIRECTORY, OTHER_DIRECTORY)) {
            StoredAccount account = store.loadAccount(directory).orElseThrow();
            assertThat(account.keyPair().getPrivate()).isEqualTo(KEY.getPrivate());
            assertThat(account.accountUrl()).isNull();
        }
        assertThat(store.defaultDirectoryUrl()).isEmpty();

        store.saveAccount(ACCOUNT);
        assertStored(ACCOUNT);
        assertThat(files()).contains("wucme_k_account.pem").doesNotContain("WUCME_K_ACCOUNT.PEM");
        assertThat(store.loadAccount(OTHER_DIRECTORY)).isEmpty();
    }

    @Test
    void aRecordBesideAnotherKeySaysNothingAboutTheAccount() throws IOException {
        store.saveAccount(ACCOUNT);
        Files.writeString(folder.resolve("WUCME_K_ACCOUNT.PEM"), Pem.encode(OTHER_KEY.getPrivate()));
        assertThat(store.loadAccount(DIRECTORY).orElseThrow().accountUrl()).isNull();
    }

    @Test
    void aRecordWithoutItsKeyIsNoAccount() throws IOException {
        store.saveAccount(ACCOUNT);
        Files.delete(folder.resolve("WUCME_K_ACCOUNT.PEM"));
        assertThat(store.loadAccount(DIRECTORY)).isEmpty();
    }

    @Test
    void aBrokenKeyIsReportedAndLeftAlone() throws IOException {
        Files.writeString(folder.resolve("WUCME_K_ACCOUNT.PEM"), "nonsense");
        assertRefused("WUCME_K_ACCOUNT.PEM");
    }

    @Test
    void aBrokenRecordIsReportedAndLeftAlone() throws IOException {
        store.saveAccount(ACCOUNT);
        Files.writeString(folder.resolve("WUCME_R_ACCOUNT.JSON"), "nonsense");
        assertRefused("WUCME_R_ACCOUNT.JSON");
    }

    private void assertRefused(String file) throws IOException {
        assertThatThrownBy(() -> store.loadAccount(DIRECTORY))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file);
        assertThatThrownBy(() -> store.saveAccount(ACCOUNT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file);
        assertThat(Files.readString(folder.resolve(file))).isEqualTo("nonsense");
    }

    @Test
    void theKeyIsNeverInText() {
        assertThat(ACCOUNT.toString()).contains(DIRECTORY, "acct/1").doesNotContain("KeyPair", "PRIVATE");
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER", "CRASH_HALFWAY", "DISK_FULL"})
    void whateverStepFailsTheAccountIsTheOldOrTheNew(Fault fault) throws IOException {
        StoredAccount changed = account(DIRECTORY, "https://ca.example/acct/2", OTHER_KEY);
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path path = Files.createDirectory(folder.resolve("step" + step));
            FileStore.open(path).saveAccount(ACCOUNT);
            FaultyFolder faulty = new FaultyFolder(path, fault, step);
            FileStore failing = FileStore.recovered(faulty, Clock.systemUTC());
            boolean saved = succeeds(() -> failing.saveAccount(changed));
            spared = faulty.wasSpared();
            store = FileStore.open(path);
            StoredAccount found = store.loadAccount(DIRECTORY).orElseThrow();
            boolean isNew = found.keyPair().getPrivate().equals(OTHER_KEY.getPrivate());
            assertThat(isNew || !saved).isTrue();
            assertStored(isNew ? changed : ACCOUNT);
            try (Stream<Path> list = Files.list(path)) {
                assertThat(list).noneMatch(file -> file.toString().endsWith("_TMP"));
            }
        }
    }

    @Test
    void theNextKeyIsKeptBesideTheAccountUntilItIsTheAccounts() throws IOException {
        store.saveAccount(ACCOUNT);
        store.saveNextAccountKey(DIRECTORY, OTHER_KEY);

        assertThat(store.loadNextAccountKey(DIRECTORY).orElseThrow().getPublic())
                .isEqualTo(OTHER_KEY.getPublic());
        assertStored(ACCOUNT);
        assertThat(store.list()).isEmpty();
        StoredAccount changed = account(DIRECTORY, ACCOUNT.accountUrl(), OTHER_KEY);
        store.saveAccount(changed);

        assertStored(changed);
        assertThat(store.loadNextAccountKey(DIRECTORY)).isEmpty();
        assertThat(files()).doesNotContain("WUCME_K_ACCOUNT.PEM_NEXT");
    }

    @Test
    void theNextKeyIsOfOneAccountOnly() throws IOException {
        store.saveAccount(ACCOUNT);
        store.saveAccount(OTHER_ACCOUNT);
        store.saveNextAccountKey(OTHER_DIRECTORY, POOL.get(2).keyPair());

        assertThat(store.loadNextAccountKey(DIRECTORY)).isEmpty();
        assertThat(store.loadNextAccountKey(OTHER_DIRECTORY)).isPresent();
    }

    @Test
    void withoutAnAccountThereIsNoNextKeyAndNothingToRetire() {
        assertThatThrownBy(() -> store.saveNextAccountKey(DIRECTORY, KEY))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no account at " + DIRECTORY);
        assertThatThrownBy(() -> store.retireAccount(DIRECTORY)).isInstanceOf(StoreException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER", "CRASH_HALFWAY", "DISK_FULL"})
    void whateverStepFailsTheAccountStaysAndANextKeyThatWasSavedIsThere(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path path = Files.createDirectory(folder.resolve("step" + step));
            FileStore.open(path).saveAccount(ACCOUNT);
            FaultyFolder faulty = new FaultyFolder(path, fault, step);
            FileStore failing = FileStore.recovered(faulty, Clock.systemUTC());
            boolean saved = succeeds(() -> failing.saveNextAccountKey(DIRECTORY, OTHER_KEY));
            spared = faulty.wasSpared();
            store = FileStore.open(path);

            assertStored(ACCOUNT);
            assertThat(store.loadNextAccountKey(DIRECTORY).isPresent() || !saved)
                    .isTrue();
        }
    }

    @Test
    void aDeactivatedAccountIsKeptAsideWithAllItsKeysAndServesNobody() throws IOException {
        store.saveAccount(ACCOUNT);
        store.saveNextAccountKey(DIRECTORY, OTHER_KEY);

        String kept = store.retireAccount(DIRECTORY);

        assertThat(store.loadAccount(DIRECTORY)).isEmpty();
        assertThat(store.loadAccount(OTHER_DIRECTORY)).isEmpty();
        assertThat(store.loadNextAccountKey(DIRECTORY)).isEmpty();
        assertThat(Path.of(kept)).exists();
        assertThat(String.valueOf(Path.of(kept).getFileName())).matches("WUCME_K_ACCOUNT.PEM_DEACTIVATED_\\d{16}");
        assertThat(files()).filteredOn(file -> file.contains("_DEACTIVATED_")).hasSize(3);
        store.saveAccount(OTHER_ACCOUNT);
        assertStored(OTHER_ACCOUNT);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void whateverStepFailsARetiredAccountServesNoOtherCa(Fault fault) throws IOException {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path path = Files.createDirectory(folder.resolve("step" + step));
            FileStore.open(path).saveAccount(ACCOUNT);
            FaultyFolder faulty = new FaultyFolder(path, fault, step);
            FileStore failing = FileStore.recovered(faulty, Clock.systemUTC());
            boolean retired = succeeds(() -> failing.retireAccount(DIRECTORY));
            spared = faulty.wasSpared();
            store = FileStore.open(path);

            assertThat(store.loadAccount(OTHER_DIRECTORY)).isEmpty();
            assertThat(store.loadAccount(DIRECTORY).isEmpty() || !retired).isTrue();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static boolean succeeds(Action action) {
        try {
            action.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void assertStored(StoredAccount expected) throws IOException {
        StoredAccount found = store.loadAccount(expected.directoryUrl()).orElseThrow();
        assertThat(found.accountUrl()).isEqualTo(expected.accountUrl());
        assertThat(found.contacts()).isEqualTo(expected.contacts());
        assertThat(found.keyPair().getPrivate()).isEqualTo(expected.keyPair().getPrivate());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    private static StoredAccount account(String directory, @Nullable String url, KeyPair key) {
        return new StoredAccount(directory, url, List.of("mailto:hostmaster@example.org"), key);
    }
}
