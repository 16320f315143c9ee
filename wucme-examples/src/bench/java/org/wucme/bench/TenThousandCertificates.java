package org.wucme.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Outcome;
import org.wucme.store.CertificateSpec;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.tls.ServerCertificates;

/**
 * What a file store with ten thousand certificates takes: from nothing to the result, each time in a JVM that has just
 * started.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class TenThousandCertificates {

    private static final Logger LOG = Logger.getLogger("");
    static final String NAME = "HOST7_EXAMPLE_TEST";

    /** What {@link Filling} filled. */
    @Param(".")
    public String folder = ".";

    private FileStore openStore() throws IOException {
        return FileStore.open(Path.of(folder));
    }

    @Benchmark
    public FileStore open() throws IOException {
        return openStore();
    }

    @Benchmark
    public List<StoredCertificate> openAndList() throws IOException {
        return openStore().list();
    }

    /** All are listed and decided about; nothing is to be done. */
    @Benchmark
    public List<Outcome> openListAndPlan() throws IOException {
        try (CertificateManager manager =
                CertificateManager.builder(openStore()).renewalInfo(false).build()) {
            return manager.renewDue();
        }
    }

    /** From the store to a server that is ready. */
    @Benchmark
    public ServerCertificates openAndServe() throws IOException {
        return ServerCertificates.builder(openStore())
                .watchEvery(Duration.ofDays(1))
                .open();
    }

    /** A store that is open. */
    @State(Scope.Benchmark)
    public static class Opened {

        private @Nullable FileStore store;

        @Setup
        public void open(TenThousandCertificates all) throws IOException {
            LOG.setLevel(Level.WARNING);
            store = all.openStore();
        }
    }

    /** Again and again, as while all of them are renewed. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Fork(1)
    @Warmup(iterations = 2, time = 2)
    @Measurement(iterations = 4, time = 2)
    public void replaceOne(Opened opened) throws IOException {
        FileStore store = Objects.requireNonNull(opened.store);
        StoredCertificate stored = store.load(NAME).orElseThrow();
        try (Lease lease = store.lease(LeaseNames.certificate(NAME), Duration.ofSeconds(10))
                .orElseThrow()) {
            store.save(
                    lease,
                    NAME,
                    Objects.requireNonNull(stored.chain()),
                    Objects.requireNonNull(stored.keyPair()),
                    Objects.requireNonNull(stored.renewal()),
                    null);
        }
    }

    /** Fills the folder that its argument names, since the process that measures must not: with a thousand certificates, and each nine times more. */
    static final class Filling {

        private static final int COUNT = 10_000;
        private static final KeyPair KEY = KeyType.EC_P256.generate();
        private static final int COPIES = 10;

        private Filling() {}

        public static void main(String[] args) throws IOException {
            LOG.setLevel(Level.WARNING);
            FileStore store = FileStore.open(Path.of(args[0]));
            HeldCertificate root =
                    new HeldCertificate.Builder().certificateAuthority(0).build();
            for (int i = 0; i < COUNT / COPIES; i++) {
                save(store, root, "host" + i + ".example.test");
            }
            List<Path> originals;
            try (Stream<Path> files = Files.list(store.path())) {
                originals =
                        files.filter(file -> file.toString().contains("HOST")).toList();
            }
            for (Path original : originals) {
                for (int copy = 1; copy < COPIES; copy++) {
                    String name = original.getFileName().toString().replace("HOST", "COPY" + copy + "-");
                    Files.copy(original, original.resolveSibling(name));
                }
            }
        }

        private static void save(FileStore store, HeldCertificate root, String name) throws IOException {
            Identifier identifier = Identifier.dns(name);
            HeldCertificate held = new HeldCertificate.Builder()
                    .keyPair(KEY)
                    .signedBy(root)
                    .duration(90, TimeUnit.DAYS)
                    .addSubjectAlternativeName(name)
                    .build();
            try (Lease lease = store.lease(LeaseNames.certificate(store.nameOf(identifier)), Duration.ofSeconds(10))
                    .orElseThrow()) {
                store.save(
                        lease,
                        store.nameOf(identifier),
                        new CertificateChain(List.of(held.certificate(), root.certificate())),
                        KEY,
                        RenewalRecord.of(CertificateSpec.builder(List.of(identifier))
                                .ca(Ca.of("https://ca.example.test/directory"))
                                .build()),
                        null);
            }
        }
    }
}
