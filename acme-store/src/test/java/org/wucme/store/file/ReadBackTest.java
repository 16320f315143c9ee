package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.TestCertificates.Issued;

/** Whatever the store writes it can read back; what it could not is refused, and what was there before stays. */
@SuppressWarnings("NullAway.Init")
class ReadBackTest {

    private static final KeyPair ACCOUNT_KEY = KeyType.EC_P256.generate();
    private static final String NAME = TestCertificates.NAME;

    @TempDir
    Path folder;

    private Path scratch;

    @BeforeProperty
    void make() throws IOException {
        scratch = Files.createTempDirectory("read-back");
    }

    @AfterProperty
    void remove() throws IOException {
        try (var files = Files.list(scratch)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(scratch);
    }

    @Provide
    static Arbitrary<String> hostile() {
        Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(200);
        Arbitrary<String> controls = Arbitraries.strings()
                .withChars("\u0000\u001b\r\n\t\"\\{}[]\u0085\u2028\u202e\uFEFF\uFFFF\uD83D\uDE00</script>")
                .ofMaxLength(50);
        Arbitrary<String> huge = Arbitraries.of("x", "\u0000", "\"", "ß", "\u2028")
                .flatMap(unit ->
                        Arbitraries.of(1000, 200_000, 350_000, 1_100_000).map(times -> unit.repeat(times)));
        return Arbitraries.frequencyOf(Tuple.of(6, any), Tuple.of(6, controls), Tuple.of(1, huge));
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void aRecordComesBackOrIsRefused(
            @ForAll("hostile") String one, @ForAll("hostile") String two, @ForAll("hostile") String three)
            throws IOException {
        FileStore store = FileStore.open(scratch);
        if (store.load(NAME).isEmpty()) {
            Issued issued = TestCertificates.POOL.get(0);
            TestWrites.save(store, NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(1));
        }
        RenewalRecord before = store.load(NAME).orElseThrow().renewal();
        RenewalRecord record = RecordBuilder.of(List.of(new Identifier(one, two)), "https://ca.example/" + three)
                .accountUrl(one)
                .profile(two)
                .challengeType(three)
                .lastProblem(one)
                .pendingOrder(two)
                .issuedBy(three)
                .deploymentsOwed(List.of(one, two))
                .deployed(List.of(three))
                .deploymentFailure(new DeploymentFailure(1, two, Instant.MAX))
                .unreachableCa(one)
                .refusedSettings(two)
                .obtained(Instant.MIN)
                .build();

        boolean isSaved = save(store, record);

        StoredCertificate stored = store.load(NAME).orElseThrow();
        assertThat(stored.problem()).isNull();
        assertThat(stored.keyPair()).isNotNull();
        assertThat(stored.renewal()).isEqualTo(isSaved ? record : before);
    }

    private static boolean save(FileStore store, RenewalRecord record) throws IOException {
        try {
            Issued issued = TestCertificates.POOL.get(0);
            TestWrites.save(store, NAME, issued.chain(), issued.keyPair(), record);
            return true;
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("read back");
            return false;
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void anAccountComesBackOrIsRefused(@ForAll("hostile") String url, @ForAll("hostile") String contact)
            throws IOException {
        FileStore store = FileStore.open(scratch);
        String directory = TestCertificates.DIRECTORY;
        store.saveAccount(new StoredAccount(directory, "https://ca.example/1", List.of(), ACCOUNT_KEY));
        StoredAccount account = new StoredAccount(directory, url, List.of(contact, url), ACCOUNT_KEY);
        boolean isSaved = true;
        try {
            store.saveAccount(account);
        } catch (StoreException e) {
            isSaved = false;
        }

        StoredAccount stored = store.loadAccount(directory).orElseThrow();
        assertThat(stored.accountUrl()).isEqualTo(isSaved ? url : "https://ca.example/1");
        assertThat(stored.contacts()).isEqualTo(isSaved ? List.of(contact, url) : List.of());
    }

    @Test
    void aChainThatIsTooLargeReplacesNothing() throws IOException {
        FileStore store = FileStore.open(folder);
        Issued issued = TestCertificates.POOL.get(0);
        Issued next = TestCertificates.POOL.get(1);
        TestWrites.save(store, NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(1));
        List<String> files = names();
        List<X509Certificate> many = new ArrayList<>(next.chain().certificates());
        many.addAll(Collections.nCopies(5000, next.chain().topmost()));

        assertThatThrownBy(() -> TestWrites.save(
                        store, NAME, new CertificateChain(many), next.keyPair(), TestRecords.renewal(2)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("read back");

        StoredCertificate stored = store.load(NAME).orElseThrow();
        assertThat(stored.problem()).isNull();
        assertThat(stored.chain()).isEqualTo(issued.chain());
        assertThat(stored.renewal()).isEqualTo(TestRecords.renewal(1));
        assertThat(names()).isEqualTo(files);
    }

    @Test
    void aChainThatIsJustNotTooLargeComesBack() throws IOException {
        FileStore store = FileStore.open(folder);
        Issued issued = TestCertificates.POOL.get(0);
        List<X509Certificate> many = new ArrayList<>(issued.chain().certificates());
        many.addAll(Collections.nCopies(1000, issued.chain().topmost()));
        CertificateChain chain = new CertificateChain(many);

        TestWrites.save(store, NAME, chain, issued.keyPair(), TestRecords.renewal(2));

        assertThat(store.load(NAME).orElseThrow().chain()).isEqualTo(chain);
    }

    @Test
    void aCertificateThatIsNeverValidIsRefused() throws Exception {
        FileStore store = FileStore.open(folder);
        Instant now = Instant.parse("2026-11-22T00:00:00Z");
        CertificateChain never = new CertificateChain(List.of(certificate(now, now.minusSeconds(1))));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestWrites.save(store, NAME, never, ACCOUNT_KEY, TestRecords.renewal(0)))
                .withMessageContaining("before it is valid");
        assertThat(store.list()).isEmpty();
    }

    private static X509Certificate certificate(Instant begin, Instant end)
            throws OperatorCreationException, CertificateException {
        X500Name name = new X500Name("CN=never");
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name, BigInteger.ONE, Date.from(begin), Date.from(end), name, ACCOUNT_KEY.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(ACCOUNT_KEY.getPrivate())));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
