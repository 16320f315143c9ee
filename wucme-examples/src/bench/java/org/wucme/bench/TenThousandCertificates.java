package org.wucme.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.tls.ServerCertificates;

/** What a file store with ten thousand certificates takes, each once in a JVM of its own that has done nothing of it before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class TenThousandCertificates {

    private static final int COUNT = 10_000;

    private Path folder = Path.of("");
    private FileStore store = emptyStore();

    private static FileStore emptyStore() {
        try {
            return FileStore.open(Files.createTempDirectory("wucme-ten-thousand"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a process of its own, so that this one stays cold. */
    @Setup
    public void fill() throws IOException, InterruptedException {
        folder = store.path();
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filling.class.getName(),
                        folder.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("the store could not be filled");
        }
    }

    /** Removes it all. */
    @TearDown
    public void remove() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public FileStore open() throws IOException {
        return FileStore.open(folder);
    }

    @Benchmark
    public List<StoredCertificate> list() throws IOException {
        return store.list();
    }

    /** From the store to a server that is ready. */
    @Benchmark
    public ServerCertificates serve() throws IOException {
        return ServerCertificates.builder(store).watchEvery(Duration.ofDays(1)).open();
    }

    /** Fills the folder that its argument names: with a thousand certificates, and each nine times more. */
    static final class Filling {

        private static final KeyPair KEY = KeyType.EC_P256.generate();
        private static final int COPIES = 10;

        private Filling() {}

        public static void main(String[] args) throws IOException {
            Logger.getLogger("").setLevel(Level.WARNING);
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
                    .addSubjectAlternativeName(name)
                    .build();
            store.save(
                    store.nameOf(identifier),
                    new CertificateChain(List.of(held.certificate(), root.certificate())),
                    KEY,
                    RenewalRecord.builder(List.of(identifier), "https://ca.example.test/directory")
                            .build());
        }
    }
}
