package org.wucme.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.PollingPolicy;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

/** A CA that takes every challenge for met, a store in a folder, and one clock for all. */
final class Scene implements AutoCloseable {

    static final String WWW = "WWW_EXAMPLE_TEST";
    static final Duration UNTIL_DUE = Duration.ofDays(61);

    final TestTime time = new TestTime();
    final TestCa ca;
    final Path folder;
    final FileStore store;
    final TestSolver solver = new TestSolver(Http01.TYPE);
    private final List<AutoCloseable> opened = new ArrayList<>();

    Scene(Path folder) throws IOException {
        this.folder = folder;
        this.store = FileStore.open(folder);
        this.ca = TestCa.builder()
                .clock(time)
                .profile("classic", "as ever")
                .start()
                .alwaysValid(true)
                .finalizeAtOnce(true);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        ca.close();
    }

    AcmeClient connect(Ca to) {
        return AcmeClient.builder(to)
                .trustedRoots(List.of(ca.tlsRoot()))
                .clock(time)
                .sleeper(time)
                .polling(PollingPolicy.DEFAULT.withTimeout(Duration.ofMinutes(1)))
                .build();
    }

    CertificateManager manager() {
        return manager(store);
    }

    CertificateManager manager(CertificateStore in) {
        return manager(in, event -> {});
    }

    CertificateManager manager(CertificateStore in, Consumer<IssuanceEvent> progress) {
        return manager(configured(in).renewalInfo(false).progress(progress));
    }

    CertificateManager manager(CertificateManager.Builder configured) {
        CertificateManager manager = configured.build();
        opened.add(manager);
        return manager;
    }

    /** What every manager of this scene has. */
    CertificateManager.Builder configured(CertificateStore in) {
        return CertificateManager.builder(in)
                .connect(this::connect)
                .solvers(List.of(solver))
                .sleeper(time)
                .clock(time);
    }

    /** Makes an account at the CA and puts it into the store. */
    Account register() throws IOException {
        KeyPair key = KeyType.EC_P256.generate();
        Account account = registerAtCa(key);
        store.saveAccount(new StoredAccount(ca.directoryUrl(), account.url(), List.of(), key));
        return account;
    }

    Account registerAtCa(KeyPair key) throws IOException {
        AcmeClient client = connect(Ca.of(ca.directoryUrl()));
        opened.add(client);
        return client.register(Registration.with(key).agreeToTerms());
    }

    CertificateSpec.Builder wanted(String... names) {
        return CertificateSpec.builder(identifiers(names)).ca(Ca.of(ca.directoryUrl()));
    }

    CertificateSpec www() {
        return wanted("www.example.test").build();
    }

    StoredCertificate stored(String name) throws IOException {
        return store.load(name).orElseThrow();
    }

    RenewalRecord record(String name) throws IOException {
        return Objects.requireNonNull(stored(name).renewal(), "no record");
    }

    /** As wµCME has it, and any other program: the certificate and its key, but no record. */
    void forgetRecord(String name) throws IOException {
        Files.delete(folder.resolve("WUCME_R_" + name + ".JSON"));
    }

    /** Puts a certificate into the folder that is neither ours nor the CA's. */
    void putForeign(String name, HeldCertificate certificate) throws IOException {
        String pem = Pem.encode(List.of(certificate.certificate()))
                + Pem.encode(certificate.keyPair().getPrivate());
        Files.writeString(folder.resolve("WUCME_C_" + name + ".PEM"), pem);
    }

    /** The names of all files, but for those of locks and the account. */
    Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.contains("LOCK")
                            && !name.contains("_ACTIVE.")
                            && !name.contains("ALARMS")
                            && !name.contains("ACCOUNT"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static List<Identifier> identifiers(String... names) {
        return Stream.of(names).map(Identifier::of).toList();
    }

    static X509Certificate leaf(StoredCertificate stored) {
        return Objects.requireNonNull(stored.chain(), "no certificate").leaf();
    }

    static KeyPair key(StoredCertificate stored) {
        return Objects.requireNonNull(stored.keyPair(), "no key");
    }
}
