package org.wucme.store.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.store.file.TestCertificates.DIRECTORY;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoreMovedException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.TestCertificates.Issued;

@ExtendWith(QuietLog.class)
@SuppressWarnings("NullAway.Init")
class FileStoreTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T00:20:27.004Z"), ZoneId.of("Australia/Adelaide"));
    private static final String BACKUP_TIME = "2026112210502700";

    @TempDir
    Path temporary;

    private Path folder;
    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileStore.open(temporary.resolve("wucme"), CLOCK);
        folder = store.path();
    }

    @Test
    void aCertificateIsStoredInTheLayoutOfWucme() throws IOException {
        save(0);

        assertThat(files())
                .containsOnlyKeys(
                        "WUCME_C_WWW_EXAMPLE_ORG.PEM",
                        "WUCME_K_WWW_EXAMPLE_ORG.PEM",
                        "WUCME_LOCK.LCK",
                        "WUCME_R_WWW_EXAMPLE_ORG.JSON");
        String key = text("WUCME_K_WWW_EXAMPLE_ORG.PEM");
        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM"))
                .isEqualTo(POOL.get(0).chain().toPem() + key);
        assertThat(text("WUCME_R_WWW_EXAMPLE_ORG.JSON")).contains("www.example.org", DIRECTORY);
        assertThat(text("WUCME_LOCK.LCK")).isEmpty();
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        assertThat(store.load(NAME)).isEmpty();
        RenewalRecord renewal = renewal(3);
        TestWrites.save(store, NAME, POOL.get(1).chain(), POOL.get(1).keyPair(), renewal);

        StoredCertificate stored = load();
        assertIs(stored, POOL.get(1));
        assertThat(stored.name()).isEqualTo(NAME);
        assertThat(stored.location())
                .isEqualTo(path("WUCME_C_WWW_EXAMPLE_ORG.PEM").toString());
        assertThat(stored.renewal()).isEqualTo(renewal);
        assertThat(stored.identifiers()).containsExactly(Identifier.dns("www.example.org"));
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void aNameIsMadeFromTheFirstIdentifier() {
        assertThat(store.nameOf(Identifier.dns("www.example.org"))).isEqualTo(NAME);
    }

    @Test
    void everythingIsForItsOwnerOnly() throws IOException {
        save(0);
        save(1);
        TestWrites.saveNextKey(store, NAME, POOL.get(2).keyPair());

        assertThat(files())
                .hasSize(6)
                .allSatisfy((file, mode) -> assertThat(mode).isEqualTo("rw-------"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void theKeyIsNeverInText() throws IOException {
        save(0);
        StoredCertificate stored = load();
        assertThat(stored.toString()).contains(NAME, "hasKey=true").doesNotContain("KeyPair", "PRIVATE");
    }

    @Test
    void whatIsReplacedIsKeptUnderItsLocalTime() throws IOException {
        save(0);
        String old = text("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        save(1);

        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM_" + BACKUP_TIME)).isEqualTo(old);
        assertIs(load(), POOL.get(1));
        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).endsWith(text("WUCME_K_WWW_EXAMPLE_ORG.PEM"));
    }

    @Test
    void severalBackupsInOneHundredthOfASecondAreAllKept() throws IOException {
        for (int i = 0; i < 4; i++) {
            save(i);
        }
        assertThat(contents("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112210502700").chain())
                .isEqualTo(POOL.get(0).chain());
        assertThat(contents("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112210502701").chain())
                .isEqualTo(POOL.get(1).chain());
        assertThat(contents("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112210502702").chain())
                .isEqualTo(POOL.get(2).chain());
    }

    @Test
    void aBackupOfAFileThatOthersCouldReadIsForItsOwnerOnly() throws IOException {
        save(0);
        Files.setPosixFilePermissions(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), PosixFilePermissions.fromString("rw-r--r--"));
        save(1);
        assertThat(files()).allSatisfy((file, mode) -> assertThat(mode).isEqualTo("rw-------"));
    }

    @Test
    void withoutLinksABackupIsACopy() throws IOException {
        FileStore copying = FileStore.recovered(new FaultyFolder(folder, FaultyFolder.Fault.NO_LINKS, 0), CLOCK);
        for (int i = 0; i < 3; i++) {
            TestWrites.save(copying, NAME, POOL.get(i).chain(), POOL.get(i).keyPair(), renewal(i));
        }
        assertThat(contents("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112210502700").chain())
                .isEqualTo(POOL.get(0).chain());
        assertThat(contents("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112210502701").chain())
                .isEqualTo(POOL.get(1).chain());
        assertThat(files()).allSatisfy((file, mode) -> assertThat(mode).isEqualTo("rw-------"));
    }

    @Test
    void theStepsAreLoggedAsWucmeDoes() throws IOException {
        save(0);
        String certificate = path("WUCME_C_WWW_EXAMPLE_ORG.PEM").toString();
        assertThat(logOf(() -> save(1)))
                .containsExactly(
                        "saving certificate to " + certificate + "_TMP",
                        "backed up " + certificate + " as " + certificate + "_" + BACKUP_TIME,
                        "renaming " + certificate + "_TMP to " + certificate);
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() {
        assertThatThrownBy(() -> TestWrites.save(
                        store, NAME, POOL.get(0).chain(), POOL.get(1).keyPair(), renewal(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not belong");
        KeyPair mixed = new KeyPair(
                POOL.get(0).keyPair().getPublic(), POOL.get(1).keyPair().getPrivate());
        assertThatThrownBy(() -> TestWrites.save(store, NAME, POOL.get(0).chain(), mixed, renewal(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(path("WUCME_C_WWW_EXAMPLE_ORG.PEM")).doesNotExist();
    }

    @Test
    void anRsaKeyIsStoredToo() throws IOException {
        KeyPair rsa = KeyType.RSA_2048.generate();
        TestWrites.saveNextKey(store, NAME, rsa);
        assertThat(store.loadNextKey(NAME).orElseThrow().getPrivate()).isEqualTo(rsa.getPrivate());
    }

    @Test
    void anInterruptedThreadSavesAllTheSame() throws IOException {
        save(0);
        Thread.currentThread().interrupt();
        try {
            save(1);
            assertIs(load(), POOL.get(1));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theRenewalRecordChangesAlone() throws IOException {
        save(0);
        String before = text("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        TestWrites.saveRecord(store, NAME, renewal(9));
        assertThat(requireNonNull(load().renewal()).attempts().failures()).isEqualTo(9);
        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).isEqualTo(before);
        assertThat(files()).hasSize(4);
    }

    @Test
    void aRenewalRecordNeedsNoCertificateYet() throws IOException {
        TestWrites.saveRecord(store, NAME, renewal(1));
        StoredCertificate stored = load();
        assertThat(stored.chain()).isNull();
        assertThat(stored.problem()).isNull();
        assertThat(stored.renewal()).isEqualTo(renewal(1));
        assertThat(store.list()).containsExactly(stored);
    }

    @Test
    void membersOfARecordThatAreNotKnownSurviveASave() throws IOException {
        save(0);
        Path record = path("WUCME_R_WWW_EXAMPLE_ORG.JSON");
        Files.writeString(record, Files.readString(record).replaceFirst("\\{", "{\"later\": \"kept\","));
        save(1);
        TestWrites.saveRecord(store, NAME, renewal(5));
        assertThat(text("WUCME_R_WWW_EXAMPLE_ORG.JSON")).contains("\"later\" : \"kept\"");
    }

    @Test
    void theNextKeyIsKeptUntilItsCertificateIsStored() throws IOException {
        assertThat(store.loadNextKey(NAME)).isEmpty();
        save(0);
        TestWrites.saveNextKey(store, NAME, POOL.get(1).keyPair());
        assertThat(FileStore.open(folder).loadNextKey(NAME).orElseThrow().getPublic())
                .isEqualTo(POOL.get(1).keyPair().getPublic());
        save(2);
        assertThat(store.loadNextKey(NAME)).isPresent();
        save(1);
        assertThat(store.loadNextKey(NAME)).isEmpty();
        assertThat(path("WUCME_K_WWW_EXAMPLE_ORG.PEM_NEXT")).doesNotExist();
    }

    @Test
    void aRetiredCertificateIsKeptUnderANameThatSaysSo() throws IOException {
        save(0);
        String certificate = text("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        String location = TestWrites.archive(store, NAME);

        assertThat(location)
                .isEqualTo(path("WUCME_C_WWW_EXAMPLE_ORG.PEM_REVOKED_" + BACKUP_TIME)
                        .toString());
        assertThat(Files.readString(Path.of(location))).isEqualTo(certificate);
        assertThat(files())
                .containsOnlyKeys(
                        "WUCME_C_WWW_EXAMPLE_ORG.PEM_REVOKED_" + BACKUP_TIME,
                        "WUCME_K_WWW_EXAMPLE_ORG.PEM_REVOKED_" + BACKUP_TIME,
                        "WUCME_R_WWW_EXAMPLE_ORG.JSON_REVOKED_" + BACKUP_TIME,
                        "WUCME_LOCK.LCK");
        assertThat(store.load(NAME)).isEmpty();
        assertThat(store.list()).isEmpty();

        save(1);
        assertThat(TestWrites.archive(store, NAME)).isNotEqualTo(location);
        assertThat(path("WUCME_C_WWW_EXAMPLE_ORG.PEM_REVOKED_" + BACKUP_TIME)).hasContent(certificate);
    }

    @Test
    void whatIsNotThereCannotBeRetired() {
        assertThatThrownBy(() -> TestWrites.archive(store, NAME))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no certificate in " + path("WUCME_C_WWW_EXAMPLE_ORG.PEM"));
    }

    @Test
    void aKeyFileThatDisagreesIsRepairedFromTheCertificateFile() throws IOException {
        save(0);
        Files.writeString(
                path("WUCME_K_WWW_EXAMPLE_ORG.PEM"),
                Pem.encode(POOL.get(1).keyPair().getPrivate()));

        FileStore.open(folder, CLOCK);

        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).endsWith(text("WUCME_K_WWW_EXAMPLE_ORG.PEM"));
        assertThat(KeyPairs.read(text("WUCME_K_WWW_EXAMPLE_ORG.PEM_" + BACKUP_TIME))
                        .getPublic())
                .isEqualTo(POOL.get(1).keyPair().getPublic());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void anEmptyOrMissingKeyFileIsRepaired(String content) throws IOException {
        save(0);
        Files.writeString(path("WUCME_K_WWW_EXAMPLE_ORG.PEM"), content);
        FileStore.open(folder);
        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).endsWith(text("WUCME_K_WWW_EXAMPLE_ORG.PEM"));

        Files.delete(path("WUCME_K_WWW_EXAMPLE_ORG.PEM"));
        FileStore.open(folder);
        assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).endsWith(text("WUCME_K_WWW_EXAMPLE_ORG.PEM"));
        assertThat(files()).hasSize(4);
    }

    @Test
    void aTemporaryFileThatWasNeverRenamedIsRemoved() throws IOException {
        save(0);
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM_TMP"), POOL.get(1).chain().toPem());
        Files.writeString(path("WUCME_K_WWW_EXAMPLE_ORG.PEM_TMP"), "half a k");
        Files.writeString(path("WUCME_R_WWW_EXAMPLE_ORG.JSON_TMP"), "{");
        Files.writeString(path("WUCME_C_WWW_EXAMPLE_ORG.PEM_2026010100000000_TMP"), "half a backup");
        Files.writeString(path("WUCME_C_OTHER.PEM_TMP"), "half a certificate");

        FileStore reopened = FileStore.open(folder);

        assertThat(files())
                .hasSize(4)
                .noneSatisfy((file, mode) -> assertThat(file).endsWith("_TMP"));
        assertIs(reopened.load(NAME).orElseThrow(), POOL.get(0));
    }

    @Test
    void aTemporaryFileThatIsAFolderIsLeftAlone() throws IOException {
        save(0);
        Files.createDirectory(path("WUCME_C_WWW_EXAMPLE_ORG.PEM_TMP"));
        FileStore reopened = FileStore.open(folder);
        assertIs(reopened.load(NAME).orElseThrow(), POOL.get(0));
        assertThatThrownBy(() -> save(1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(path("WUCME_C_WWW_EXAMPLE_ORG.PEM_TMP") + " is a folder");
        assertIs(load(), POOL.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"WUCME_C_WWW_EXAMPLE_ORG.PEM", "wucme_c_www_example_org.pem", "wucme_c_WWW_EXAMPLE_org.pem"})
    void aFileOfWucmeIsReadAndKeepsItsName(String fileName) throws IOException {
        Issued old = POOL.get(0);
        Files.writeString(
                path(fileName), old.chain().toPem() + Pem.encode(old.keyPair().getPrivate()));

        StoredCertificate stored = FileStore.open(folder).list().get(0);
        assertIs(stored, old);
        assertThat(stored.name()).isEqualTo(NAME);
        assertThat(stored.location()).isEqualTo(path(fileName).toString());
        assertThat(stored.renewal()).isNull();
        assertThat(stored.identifiers()).containsExactly(Identifier.dns("www.example.org"));

        save(1);
        assertIs(load(), POOL.get(1));
        assertThat(contents(fileName).chain()).isEqualTo(POOL.get(1).chain());
        assertThat(contents(fileName + "_" + BACKUP_TIME).chain()).isEqualTo(old.chain());
        assertThat(files().keySet().stream().filter(file -> file.equalsIgnoreCase("WUCME_C_WWW_EXAMPLE_ORG.PEM")))
                .containsExactly(fileName);
    }

    @Test
    void aKeyThatStandsOnlyInItsOwnFileIsReadAndNotLost() throws IOException {
        Issued old = POOL.get(0);
        Files.writeString(
                path("wucme_c_www_example_org.pem"), "some text\n" + old.chain().toPem());
        Files.writeString(
                path("wucme_k_www_example_org.pem"), Pem.encode(old.keyPair().getPrivate()));

        assertIs(FileStore.open(folder).load(NAME).orElseThrow(), old);
        assertThat(files()).containsOnlyKeys("wucme_c_www_example_org.pem", "wucme_k_www_example_org.pem");

        save(1);
        assertIs(load(), POOL.get(1));
        assertThat(KeyPairs.read(text("wucme_k_www_example_org.pem_" + BACKUP_TIME))
                        .getPublic())
                .isEqualTo(old.keyPair().getPublic());
    }

    @Test
    void aCertificateWithoutAnyKeyIsRead() throws IOException {
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), POOL.get(0).chain().toPem());
        StoredCertificate stored = load();
        assertThat(stored.chain()).isEqualTo(POOL.get(0).chain());
        assertThat(stored.keyPair()).isNull();
        assertThat(stored.problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF", "issued today\n", "  "})
    void aFileWhoseCertificatesWereMixedUpByHandIsReadReportedAndLeftAlone(String front) throws IOException {
        Issued issued = POOL.get(0);
        X509Certificate issuer = issued.chain().topmost();
        X509Certificate other = POOL.get(1).chain().leaf();
        String key = Pem.encode(issued.keyPair().getPrivate());
        for (String certificates : List.of(
                Pem.encode(List.of(issuer, issued.chain().leaf())) + key,
                key + Pem.encode(List.of(issued.chain().leaf(), issuer, issuer)),
                Pem.encode(List.of(other, issuer, issued.chain().leaf())) + key)) {
            Files.writeString(path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), front + certificates);
            FileStore opened = FileStore.open(folder);
            List<String> log = logOf(() -> {
                opened.list();
                assertIs(opened.load(NAME).orElseThrow(), issued);
            });
            assertThat(log).hasSize(1).first().asString().contains("WUCME_C_WWW_EXAMPLE_ORG.PEM", "left");
            assertThat(text("WUCME_C_WWW_EXAMPLE_ORG.PEM")).isEqualTo(front + certificates);
        }
    }

    @Test
    void theOrderOfCertificatesWithTheirKeyInItsOwnFileOrNowhereIsThatOfTheChain() throws IOException {
        Issued issued = POOL.get(0);
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"),
                Pem.encode(List.of(issued.chain().topmost(), issued.chain().leaf())));
        assertThat(load().chain()).isEqualTo(issued.chain());

        Files.writeString(
                path("WUCME_K_WWW_EXAMPLE_ORG.PEM"), Pem.encode(issued.keyPair().getPrivate()));
        assertIs(load(), issued);
    }

    @Test
    void twoFilesOfOneNameAreReportedAndLeftAlone() throws IOException {
        save(0);
        Files.writeString(
                path("wucme_c_www_example_org.pem"), POOL.get(1).chain().toPem());
        Map<String, String> before = snapshot();
        FileStore.open(folder);
        assertThat(load().problem()).contains("differ only in upper and lower case");
        assertRefused();
        assertThat(snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!",
                "x -----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            })
    void aCertificateFileThatIsNotUnderstoodIsReportedAndLeftAlone(String content) throws IOException {
        Files.writeString(path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), content);
        assertReportedAndLeftAlone("WUCME_C_WWW_EXAMPLE_ORG.PEM");
    }

    @Test
    void aKeyThatDoesNotMatchIsReportedAndLeftAlone() throws IOException {
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"),
                POOL.get(0).chain().toPem() + Pem.encode(POOL.get(1).keyPair().getPrivate()));
        assertReportedAndLeftAlone("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        assertThat(load().keyPair()).isNull();
        assertThat(load().problem()).contains("does not belong to the certificate");
    }

    @Test
    void aKeyFileThatDoesNotMatchIsReportedAndLeftAlone() throws IOException {
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), POOL.get(0).chain().toPem());
        Files.writeString(
                path("WUCME_K_WWW_EXAMPLE_ORG.PEM"),
                Pem.encode(POOL.get(1).keyPair().getPrivate()));
        assertReportedAndLeftAlone("WUCME_K_WWW_EXAMPLE_ORG.PEM");
    }

    @Test
    void aBrokenKeyInTheCertificateFileIsReportedAndLeftAlone() throws IOException {
        Files.writeString(
                path("WUCME_C_WWW_EXAMPLE_ORG.PEM"),
                POOL.get(0).chain().toPem() + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertReportedAndLeftAlone("WUCME_C_WWW_EXAMPLE_ORG.PEM");
    }

    @Test
    void aBrokenKeyFileIsReportedAndLeftAlone() throws IOException {
        save(0);
        Files.writeString(path("WUCME_K_WWW_EXAMPLE_ORG.PEM"), "nonsense");
        assertReportedAndLeftAlone("WUCME_K_WWW_EXAMPLE_ORG.PEM");
    }

    @Test
    void aBrokenRecordIsReportedAndLeftAlone() throws IOException {
        save(0);
        Files.writeString(path("WUCME_R_WWW_EXAMPLE_ORG.JSON"), "nonsense");
        assertReportedAndLeftAlone("WUCME_R_WWW_EXAMPLE_ORG.JSON");
        assertIs(load(), POOL.get(0), "is not understood");
        assertThatThrownBy(() -> TestWrites.saveRecord(store, NAME, renewal(1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("WUCME_R_WWW_EXAMPLE_ORG.JSON");
        assertThat(text("WUCME_R_WWW_EXAMPLE_ORG.JSON")).isEqualTo("nonsense");
    }

    @Test
    void aBrokenNextKeyIsReportedAndLeftAlone() throws IOException {
        Files.writeString(path("WUCME_K_WWW_EXAMPLE_ORG.PEM_NEXT"), "nonsense");
        assertThatThrownBy(() -> store.loadNextKey(NAME)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> TestWrites.saveNextKey(store, NAME, POOL.get(0).keyPair()))
                .isInstanceOf(StoreException.class);
        save(0);
        assertThat(text("WUCME_K_WWW_EXAMPLE_ORG.PEM_NEXT")).isEqualTo("nonsense");
        assertIs(load(), POOL.get(0));
    }

    @Test
    void aFolderInThePlaceOfAFileIsReportedAndLeftAlone() throws IOException {
        Files.createDirectory(path("WUCME_C_WWW_EXAMPLE_ORG.PEM"));
        assertThat(FileStore.open(folder).load(NAME).orElseThrow().problem()).contains("is a folder");
        assertRefused();
        assertThat(path("WUCME_C_WWW_EXAMPLE_ORG.PEM")).isEmptyDirectory();
    }

    @Test
    void aHugeFileIsReportedAndLeftAlone() throws IOException {
        Files.write(path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), new byte[(1 << 20) + 1]);
        assertReportedAndLeftAlone("WUCME_C_WWW_EXAMPLE_ORG.PEM");
    }

    @Test
    void aSymbolicLinkStaysAndWhatItLeadsToIsReplaced() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        save(0);
        Path link = path("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        Path target = Files.move(link, elsewhere.resolve("site.pem"));
        Files.createSymbolicLink(link, target);

        save(1);

        assertThat(link).isSymbolicLink();
        assertIs(load(), POOL.get(1));
        assertThat(Files.readString(target)).startsWith(POOL.get(1).chain().toPem());
        assertThat(elsewhere.resolve("site.pem_" + BACKUP_TIME)).exists();

        TestWrites.archive(store, NAME);
        assertThat(link).doesNotExist();
        assertThat(target).exists();
    }

    @Test
    void aSymbolicLinkToNothingIsReported() throws IOException {
        Files.createSymbolicLink(path("WUCME_C_WWW_EXAMPLE_ORG.PEM"), temporary.resolve("nothing"));
        FileStore.open(folder);
        assertThat(load().problem()).contains("symbolic link to nothing");
        assertThatThrownBy(() -> save(0))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("symbolic link to nothing");
        assertThat(temporary.resolve("nothing")).doesNotExist();
    }

    @Test
    void whatMayNotBeReadIsReportedWithWhatToDo() throws IOException {
        save(0);
        FileStore denied = FileStore.recovered(
                new Folder(folder) {
                    @Override
                    byte[] bytes(Path file) throws IOException {
                        throw new AccessDeniedException(file.toString());
                    }
                },
                CLOCK);
        assertThat(denied.load(NAME).orElseThrow().problem())
                .contains("no permission to read", "WUCME_C_WWW_EXAMPLE_ORG.PEM", "run this as the user");
        assertThatThrownBy(() -> TestWrites.save(
                        denied, NAME, POOL.get(1).chain(), POOL.get(1).keyPair(), renewal(0)))
                .isInstanceOf(StoreException.class);
        assertIs(load(), POOL.get(0));
    }

    @Test
    void afterItsLinkWasSwitchedNothingNewIsBegun(@TempDir Path releases) throws Exception {
        Path link = releases.resolve("current");
        Path one = Files.createDirectory(releases.resolve("one"));
        Path two = Files.createDirectory(releases.resolve("two"));
        Files.createSymbolicLink(link, one);
        FileStore switched = FileStore.open(link);
        Lease begun =
                switched.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow();
        AtomicInteger lost = new AtomicInteger();
        begun.onLost(lost::incrementAndGet);
        Files.delete(link);
        assertThat(switched.list()).isEmpty();
        assertThat(begun.isHeld()).isTrue();
        Files.createSymbolicLink(link, two);

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                switched::list,
                switched::versions,
                () -> switched.requireWritable(NAME),
                () -> switched.lease(LeaseNames.certificate(NAME), Duration.ZERO),
                () -> switched.lease(LeaseNames.ACTIVE, Duration.ZERO))) {
            assertThatThrownBy(call)
                    .isInstanceOf(StoreMovedException.class)
                    .hasMessageContainingAll(link.toString(), one.toString(), two.toString(), "open it again");
        }
        Issued issued = POOL.get(0);
        switched.save(begun, NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(0), null);
        assertThat(begun.isHeld()).isFalse();
        begun.onLost(lost::incrementAndGet);
        assertThat(begun.isHeld()).isFalse();
        assertThat(lost).hasValue(2);
        begun.close();

        assertThat(switched.load(NAME)).isPresent();
        assertThat(two).isEmptyDirectory();
        assertThat(FileStore.open(one).list()).hasSize(1);
        assertThat(FileStore.open(link).lease(LeaseNames.certificate(NAME), Duration.ZERO))
                .isPresent();
    }

    @Test
    void whatMayNotBeWrittenIsReportedWithWhatToDo() throws IOException {
        FileStore denied = FileStore.recovered(
                new Folder(folder) {
                    @Override
                    void write(Path file, String content) throws IOException {
                        throw new AccessDeniedException(file.toString());
                    }
                },
                CLOCK);
        assertThatThrownBy(() -> denied.requireWritable(NAME))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no permission to write")
                .hasMessageContaining("WUCME_C_WWW_EXAMPLE_ORG.PEM_TMP");
    }

    @Test
    void aStoreThatCanBeWrittenSaysSoAndIsNotChanged() throws IOException {
        save(0);
        Map<String, String> before = snapshot();
        store.requireWritable(NAME);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void aFileIsNoFolderForAStore() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> FileStore.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file + " is not a folder");
    }

    @Test
    void otherFilesAreNotListed() throws IOException {
        save(0);
        for (String file :
                List.of("WUCME_C_A.PEM.BAK", "fullchain.pem", "WUCME_C_ACCOUNT.PEM", "WUCME_R_ACCOUNT.JSON")) {
            Files.writeString(path(file), "nonsense");
        }
        assertThat(FileStore.open(folder).list())
                .extracting(StoredCertificate::name)
                .containsExactly(NAME);
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertThatThrownBy(() -> store.load("../etc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestWrites.save(
                        store, "ACCOUNT", POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertReportedAndLeftAlone(String fileName) throws IOException {
        Map<String, String> before = snapshot();
        FileStore reopened = FileStore.open(folder);
        assertThat(reopened.list()).hasSize(1);
        assertThat(load().problem()).contains(path(fileName).toString()).containsPattern("move (it|both) away");
        assertRefused();
        assertThat(snapshot()).isEqualTo(before);
    }

    private void assertRefused() {
        assertThatThrownBy(() -> save(3)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.requireWritable(NAME)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> TestWrites.archive(store, NAME)).isInstanceOf(StoreException.class);
    }

    private static void assertIs(StoredCertificate stored, Issued expected) {
        assertThat(stored.problem()).isNull();
        assertPair(stored, expected);
    }

    private static void assertIs(StoredCertificate stored, Issued expected, String problem) {
        assertThat(stored.problem()).contains(problem);
        assertPair(stored, expected);
    }

    private static void assertPair(StoredCertificate stored, Issued expected) {
        assertThat(stored.chain()).isEqualTo(expected.chain());
        assertThat(requireNonNull(stored.keyPair()).getPrivate())
                .isEqualTo(expected.keyPair().getPrivate());
    }

    private void save(int index) throws IOException {
        Issued issued = POOL.get(index);
        TestWrites.save(store, NAME, issued.chain(), issued.keyPair(), renewal(index));
    }

    private StoredCertificate load() throws IOException {
        return store.load(NAME).orElseThrow();
    }

    private Path path(String fileName) {
        return folder.resolve(fileName);
    }

    private String text(String fileName) throws IOException {
        return Files.readString(path(fileName));
    }

    private Contents contents(String fileName) throws IOException {
        Path none = path("none");
        return Contents.read(new Folder(folder), new CertificateFiles(path(fileName), none, none, none));
    }

    /** The files and their modes. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            for (Path file :
                    list.filter(each -> !each.endsWith("WUCME_LOCK.SEQ")).toList()) {
                files.put(
                        requireNonNull(file.getFileName()).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
            }
        }
        return files;
    }

    /** The files and what is in them, apart from the locks. */
    private Map<String, String> snapshot() throws IOException {
        Map<String, String> snapshot = new TreeMap<>();
        for (String file : files().keySet()) {
            snapshot.put(file, text(file));
        }
        snapshot.remove("WUCME_LOCK.LCK");
        return snapshot;
    }

    private static List<String> logOf(Action action) throws IOException {
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("org.wucme.store.file");
        logger.setLevel(Level.INFO);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
            logger.setLevel(null);
        }
        return lines;
    }

    private interface Action {
        void run() throws IOException;
    }
}
