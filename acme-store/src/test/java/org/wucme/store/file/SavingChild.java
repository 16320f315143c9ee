package org.wucme.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.store.file.TestCertificates.Issued;

/**
 * A process of its own that saves one certificate after another, and says so on standard output after each. Arguments: the
 * folder of the store, a folder with certificates, the number of the first save, how many.
 */
final class SavingChild {

    private SavingChild() {}

    public static void main(String[] arguments) throws IOException {
        List<Issued> pool = readPool(Path.of(arguments[1]));
        int first = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        System.out.println("ready");
        FileStore store = FileStore.open(Path.of(arguments[0]));
        for (int i = first; i < first + count; i++) {
            Issued issued = pool.get(i % pool.size());
            store.save(TestCertificates.NAME, issued.chain(), issued.keyPair(), TestRecords.renewal(i));
            System.out.println(i);
        }
    }

    static Process start(Path store, Path pool, int first, int count, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(Arrays.asList(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file", ""),
                "-cp",
                System.getProperty("java.class.path"),
                SavingChild.class.getName(),
                store.toString(),
                pool.toString(),
                Integer.toString(first),
                Integer.toString(count)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
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

    private static List<Issued> readPool(Path folder) {
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
