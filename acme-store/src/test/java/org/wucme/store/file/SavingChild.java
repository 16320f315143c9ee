package org.wucme.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.store.TestWrites;
import org.wucme.store.file.TestCertificates.Issued;

/**
 * A process of its own that saves one certificate after another, in one store or in several at once, and writes the number
 * of the store and that of the save on standard output after each. Arguments: a folder with certificates, how many saves,
 * and for each store its folder and the number of its first save.
 */
final class SavingChild {

    private SavingChild() {}

    public static void main(String[] arguments) throws IOException {
        List<Issued> pool = readPool(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        warmUp(pool.get(0));
        System.out.println("ready");
        for (int i = 2; i < arguments.length; i += 2) {
            int number = i / 2 - 1;
            Path folder = Path.of(arguments[i]);
            int first = Integer.parseInt(arguments[i + 1]);
            new Thread(() -> saveAll(number, folder, first, count, pool)).start();
        }
    }

    /** The arguments for saves in one store. */
    static String[] arguments(Path certificates, int count, Path store, int first) {
        return arguments(certificates, count, List.of(store), List.of(first));
    }

    /** The arguments for saves in several stores at once. */
    static String[] arguments(Path certificates, int count, List<Path> stores, List<Integer> firsts) {
        List<String> arguments = new ArrayList<>(List.of(certificates.toString(), Integer.toString(count)));
        for (int i = 0; i < stores.size(); i++) {
            arguments.add(stores.get(i).toString());
            arguments.add(firsts.get(i).toString());
        }
        return arguments.toArray(String[]::new);
    }

    private static void saveAll(int number, Path folder, int first, int count, List<Issued> pool) {
        try {
            FileStore store = FileStore.open(folder);
            for (int i = first; i < first + count; i++) {
                save(store, pool.get(i % pool.size()), i);
                System.out.println(number + " " + i);
            }
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** The first save loads classes for longer than many others take, and nothing is on the disk yet. */
    private static void warmUp(Issued issued) throws IOException {
        Path folder = Files.createTempDirectory("wucme-warm-up");
        save(FileStore.open(folder), issued, 0);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void save(FileStore store, Issued issued, int number) throws IOException {
        TestWrites.save(store, TestCertificates.NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(number));
    }

    /** Certificates, made once, for parent and children. */
    static List<Issued> writePool(Path folder) throws IOException {
        for (int i = 0; i < TestCertificates.POOL.size(); i++) {
            Issued issued = TestCertificates.POOL.get(i);
            Files.writeString(
                    folder.resolve(i + ".pem"),
                    issued.chain().toPem() + Pem.encode(issued.keyPair().getPrivate()));
        }
        return TestCertificates.POOL;
    }

    /** What {@link #writePool} wrote. */
    static List<Issued> readPool(Path folder) {
        return IntStream.range(0, 4)
                .mapToObj(i -> read(folder.resolve(i + ".pem")))
                .toList();
    }

    private static Issued read(Path file) {
        try {
            String text = Files.readString(file);
            return new Issued(new CertificateChain(Pem.certificates(text)), KeyPairs.read(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
