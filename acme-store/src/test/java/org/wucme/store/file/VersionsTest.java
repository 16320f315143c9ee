package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;

/** How a reader sees that certificates have changed, and that it misses nothing by not listing the folder each time. */
@ExtendWith(QuietLog.class)
@SuppressWarnings("NullAway.Init")
class VersionsTest {

    @TempDir
    Path folder;

    private FileStore store;
    private FileStore theirs;

    @BeforeEach
    void open() throws IOException {
        store = FileStore.open(folder);
        theirs = FileStore.open(folder);
    }

    private void save(String name, int index) throws IOException {
        TestWrites.save(theirs, name, POOL.get(index).chain(), POOL.get(index).keyPair(), renewal(index));
    }

    private String version() throws IOException {
        return store.versions().getOrDefault(NAME, "none");
    }

    @Test
    void aCertificateHasAVersionAndARecordAloneHasNone() throws IOException {
        TestWrites.saveRecord(store, "MAIL_EXAMPLE_ORG", renewal(1));
        assertThat(store.versions()).isEmpty();

        save(NAME, 0);
        assertThat(store.versions()).containsOnlyKeys(NAME);

        TestWrites.archive(store, NAME);
        assertThat(store.versions()).isEmpty();
    }

    @Test
    void theVersionChangesWithEverySaveAndNotOtherwise() throws IOException {
        save(NAME, 0);
        for (int i = 1; i < 20; i++) {
            String before = version();
            TestWrites.saveRecord(store, NAME, renewal(9));
            TestWrites.saveNextKey(store, NAME, POOL.get(3).keyPair());
            assertThat(version()).isEqualTo(before);

            save(NAME, i % 2);
            assertThat(version()).isNotEqualTo(before);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatIsReplacedInPlaceWithEqualSizeAndTimeHasAnotherVersion() throws IOException {
        save(NAME, 0);
        Path file = Path.of(store.load(NAME).orElseThrow().location());
        String before = version();
        FileTime modified = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1] = ' ';

        Files.write(file, content);
        Files.setLastModifiedTime(file, modified);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
        assertThat(version()).isNotEqualTo(before);
    }

    @Test
    void aSymbolicLinkChangesWithWhatItLeadsTo() throws IOException {
        save(NAME, 0);
        Path file = folder.resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("certificate.pem");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);
        String before = version();

        Files.setLastModifiedTime(elsewhere, FileTime.from(Instant.EPOCH));
        String touched = version();
        Files.delete(elsewhere);

        assertThat(List.of(before, touched, version())).doesNotHaveDuplicates().doesNotContain("none");
        assertThat(store.load(NAME).map(StoredCertificate::problem))
                .hasValueSatisfying(problem -> assertThat(problem).contains("symbolic link"));
    }

    @Test
    void filesThatDifferInCaseHaveAVersionAndAProblem() throws IOException {
        save(NAME, 0);
        Files.copy(folder.resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM"), folder.resolve("wucme_c_www_example_org.pem"));

        assertThat(store.versions()).containsOnlyKeys(NAME);
        assertThat(store.load(NAME).map(StoredCertificate::problem))
                .hasValueSatisfying(problem -> assertThat(problem).contains("upper and lower case"));
    }

    @Test
    void whatAnotherInstanceAddsOrTakesAwayIsSeenAtOnce() throws IOException {
        for (int i = 0; i < 30; i++) {
            String name = "HOST" + i;
            assertThat(store.load(name)).isEmpty();
            save(name, 0);
            assertThat(store.load(name)).isPresent();
            assertThat(store.versions()).hasSize(i + 1);
        }
        TestWrites.archive(theirs, "HOST0");
        assertThat(store.load("HOST0")).isEmpty();
    }

    /** File systems tell time in steps. */
    @Test
    void whatComesInTheSameStepOfTimeAsTheLastListingIsSeenAtOnce() throws IOException {
        FileTime step = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(folder, step);
        assertThat(store.load(NAME)).isEmpty();
        save(NAME, 0);
        Files.setLastModifiedTime(folder, step);

        assertThat(store.load(NAME)).isPresent();
        assertThat(store.versions()).containsOnlyKeys(NAME);
    }

    @Test
    void whatComesAfterALongRestIsSeenAtOnce() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(60)));
            assertThat(store.load("HOST" + i)).isEmpty();
            assertThat(store.load("HOST" + i)).as("from the same listing").isEmpty();
            save("HOST" + i, 0);
            assertThat(store.load("HOST" + i)).isPresent();
        }
    }

    @Test
    void whatComesWithAFolderWhoseTimeIsSetBackIsSeen() throws IOException {
        FileTime time = FileTime.from(Instant.now().minusSeconds(60));
        save(NAME, 0);
        Files.setLastModifiedTime(folder, time);
        assertThat(store.versions()).hasSize(1);

        Files.copy(folder.resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM"), folder.resolve("WUCME_C_OTHER.PEM"));
        Files.setLastModifiedTime(folder, time);

        assertThat(store.versions()).containsOnlyKeys(NAME, "OTHER");
    }

    @Test
    void aFolderInWhichNothingComesOrGoesIsListedOnce() throws IOException {
        save(NAME, 0);
        AtomicInteger listings = new AtomicInteger();
        Folder counting = new Folder(folder) {
            @Override
            Listing list() throws IOException {
                listings.incrementAndGet();
                return super.list();
            }
        };
        store = FileStore.recovered(counting, Clock.systemUTC());
        Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(60)));
        int before = listings.get();

        for (int i = 0; i < 5; i++) {
            assertThat(store.load(NAME)).isPresent();
            assertThat(store.versions()).hasSize(1);
        }

        assertThat(listings).hasValue(before + 1);
    }

    @Test
    void aStoreWithoutACheaperWayTellsVersionsByItsCertificates() throws IOException {
        CertificateStore plain = listingOnly(store);
        TestWrites.saveRecord(store, "MAIL_EXAMPLE_ORG", renewal(1));
        save(NAME, 0);
        Map<String, String> before = plain.versions();
        save(NAME, 1);

        assertThat(before).containsOnlyKeys(NAME);
        assertThat(plain.versions()).containsOnlyKeys(NAME).doesNotContainEntry(NAME, before.getOrDefault(NAME, ""));
    }

    /** Has nothing but a list, and what follows from it. */
    private static CertificateStore listingOnly(CertificateStore store) {
        return (CertificateStore) Proxy.newProxyInstance(
                CertificateStore.class.getClassLoader(),
                new Class<?>[] {CertificateStore.class},
                (proxy, method, arguments) -> method.isDefault()
                        ? InvocationHandler.invokeDefault(proxy, method)
                        : method.invoke(store, arguments));
    }
}
