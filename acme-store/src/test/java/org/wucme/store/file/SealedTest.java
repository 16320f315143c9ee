package org.wucme.store.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.store.file.TestCertificates.NAME;
import static org.wucme.store.file.TestCertificates.POOL;
import static org.wucme.store.file.TestRecords.renewal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;

/** Which files are taken as a save left them, and parsed only when they are asked for. */
@ExtendWith(QuietLog.class)
@SuppressWarnings("NullAway.Init")
class SealedTest {

    private static final String CERTIFICATE = "WUCME_C_WWW_EXAMPLE_ORG.PEM";
    private static final String KEY = "WUCME_K_WWW_EXAMPLE_ORG.PEM";
    private static final String RENEWAL = "WUCME_R_WWW_EXAMPLE_ORG.JSON";

    @TempDir
    Path folder;

    private FileStore store;

    @BeforeEach
    void save() throws IOException {
        store = FileStore.open(folder);
        TestWrites.save(store, NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), renewal(3));
    }

    private Optional<Sealed> sealed() throws IOException {
        Folder files = new Folder(folder);
        return Sealed.read(files, CertificateFiles.of(NAME, files.list()));
    }

    private StoredCertificate load() throws IOException {
        return store.load(NAME).orElseThrow();
    }

    @Test
    void whatASaveLeftIsSealedAndHoldsWhatWasSaved() throws IOException {
        Sealed sealed = sealed().orElseThrow();

        assertThat(sealed.chain()).isEqualTo(POOL.get(0).chain());
        assertThat(requireNonNull(sealed.keyPair()).getPrivate())
                .isEqualTo(POOL.get(0).keyPair().getPrivate());
        assertThat(sealed.renewal()).isEqualTo(renewal(3));
        assertThat(sealed.problem()).isNull();
        assertThat(sealed.keyPair()).as("the same each time").isSameAs(sealed.keyPair());
        assertThat(load()).hasToString(load().toString()).isNotEqualTo(null);
    }

    @Test
    void aRecordThatIsSavedAloneKeepsTheSeal() throws IOException {
        TestWrites.saveRecord(store, NAME, renewal(9));
        assertThat(sealed().map(Sealed::renewal)).contains(renewal(9));

        TestWrites.save(store, NAME, POOL.get(1).chain(), POOL.get(1).keyPair(), renewal(1));
        assertThat(sealed().map(Sealed::chain)).contains(POOL.get(1).chain());
    }

    @Test
    void whenItIsValidIsToldByTheRecordAndElseByTheCertificate() throws IOException {
        X509Certificate leaf = POOL.get(0).chain().leaf();
        assertThat(load().notBefore()).isEqualTo(leaf.getNotBefore().toInstant());
        assertThat(load().notAfter()).isEqualTo(leaf.getNotAfter().toInstant());
        Path file = folder.resolve(RENEWAL);
        String record = Files.readString(file);
        Files.writeString(
                file, record.replaceFirst("\"notAfter\" : \"[^\"]*\"", "\"notAfter\" : \"2030-01-01T00:00:00Z\""));
        assertThat(load().notAfter()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));

        Files.writeString(file, record.replaceFirst("\"notBefore\"", "\"before\""));

        assertThat(sealed()).isPresent();
        assertThat(load().notBefore()).isEqualTo(leaf.getNotBefore().toInstant());
        assertThat(load().notAfter()).isEqualTo(leaf.getNotAfter().toInstant());
        assertThat(load().problem()).isNull();
    }

    @Test
    void aRecordOfAnotherProgramIsSealedWhenItIsSavedNext() throws IOException {
        Path file = folder.resolve(RENEWAL);
        Files.writeString(file, Files.readString(file).replaceAll("\"certificateFile\"[^,\n]*\n?", "\"x\": 1"));
        assertThat(sealed()).isEmpty();
        assertThat(load().problem()).isNull();

        TestWrites.saveRecord(store, NAME, renewal(4));

        assertThat(sealed()).isPresent();
    }

    @Test
    void whatWasChangedByHandIsNotSealed() throws IOException {
        Path certificate = folder.resolve(CERTIFICATE);
        String before = Files.readString(certificate);
        Files.writeString(certificate, before + "\n");
        assertThat(sealed()).isEmpty();
        assertThat(load().problem()).isNull();

        Files.writeString(certificate, before);
        Files.writeString(folder.resolve(KEY), Pem.encode(POOL.get(1).keyPair().getPrivate()));
        assertThat(sealed()).isEmpty();

        Files.writeString(folder.resolve(KEY), "");
        assertThat(sealed()).isPresent();
        Files.delete(certificate);
        Files.createDirectory(certificate);
        assertThat(sealed()).isEmpty();
        assertThat(load().problem()).contains("folder");
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsNeverSealed() throws IOException {
        String mixed =
                POOL.get(0).chain().toPem() + Pem.encode(POOL.get(1).keyPair().getPrivate());
        Files.writeString(folder.resolve(CERTIFICATE), mixed);
        Files.delete(folder.resolve(KEY));
        TestWrites.saveRecord(store, NAME, renewal(4));

        assertThat(sealed()).isEmpty();
        assertThat(load().problem()).contains("does not belong");
    }

    @Test
    void aSealedRecordThatIsNotUnderstoodIsAProblemAllTheSame() throws IOException {
        Path file = folder.resolve(RENEWAL);
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{ torn"));

        Sealed sealed = sealed().orElseThrow();

        assertThat(sealed.problem()).contains(RENEWAL, "not understood");
        assertThat(sealed.renewal()).isNull();
        assertThat(sealed.chain()).isEqualTo(POOL.get(0).chain());
        assertThat(load().problem()).isEqualTo(sealed.problem());
        assertThat(load().identifiers()).isEqualTo(POOL.get(0).chain().identifiers());
    }

    @Test
    void aSealedCertificateThatIsNotUnderstoodIsAProblemAllTheSame() throws IOException {
        String torn = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        Files.writeString(folder.resolve(CERTIFICATE), torn);
        Files.delete(folder.resolve(KEY));
        Files.writeString(
                folder.resolve(RENEWAL),
                RenewalJson.text(renewal(1), null, new Seal(null, Contents.digest(torn), null, null)));

        StoredCertificate stored = load();

        assertThat(stored.chain()).isNull();
        assertThat(stored.keyPair()).isNull();
        assertThat(stored.problem()).contains(CERTIFICATE, "not understood");
    }

    /** In processor time, which other processes do not lengthen. Comparing each with each would take ten times as long. */
    @Test
    void thousandsOfCertificatesAreOpenedAndListedInTime() throws IOException {
        String certificate = Files.readString(folder.resolve(CERTIFICATE));
        String key = Files.readString(folder.resolve(KEY));
        String renewal = Files.readString(folder.resolve(RENEWAL));
        for (int i = 0; i < 4_000; i++) {
            Files.writeString(folder.resolve("WUCME_C_HOST" + i + ".PEM"), certificate);
            Files.writeString(folder.resolve("WUCME_K_HOST" + i + ".PEM"), key);
            Files.writeString(folder.resolve("WUCME_R_HOST" + i + ".JSON"), renewal);
        }
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        assertThat(FileStore.open(folder).list()).hasSize(4_001);

        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofSeconds(2));
    }
}
