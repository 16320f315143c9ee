package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.TestCertificates.Issued;
import org.wucme.testing.ChildJvm;

/** What is left of exports when processes end at any moment. */
class ExportIT {

    // Starting a process takes much longer than an export: each is killed while it exports to several folders at once.
    private static final int FOLDERS = 4;
    private static final int KILLS = 10;
    private static final int LONGEST_WAIT_MICROS = 20_000;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whenAProcessIsKilledAtAnyMomentCertificateAndKeyBelongTogether(@TempDir Path temporary) throws Exception {
        List<Issued> pool = SavingChild.writePool(temporary);
        List<Path> folders = IntStream.range(0, FOLDERS)
                .mapToObj(i -> temporary.resolve("tls" + i))
                .toList();
        ChildJvm jvm = ChildJvm.prepare(
                temporary, ExportingChild.class, arguments(temporary, 3, List.of(temporary.resolve("warm-up"))));
        Random random = new Random();
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = jvm.start(ExportingChild.class, arguments(temporary, 1_000_000, folders));
            try (BufferedReader output = process.inputReader()) {
                Set<String> begun = new HashSet<>();
                while (begun.size() < FOLDERS) {
                    begun.add(output.readLine().split(" ", -1)[0]);
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_WAIT_MICROS)));
            } finally {
                process.destroyForcibly().waitFor();
            }
            for (Path folder : folders) {
                requirePair(folder);
            }
        }
        for (Path folder : folders) {
            requireLeftoversGo(folder, pool);
        }
    }

    private static String[] arguments(Path certificates, int count, List<Path> folders) {
        return Stream.concat(
                        Stream.of(certificates.toString(), Integer.toString(count)),
                        folders.stream().map(Path::toString))
                .toArray(String[]::new);
    }

    private static void requireLeftoversGo(Path folder, List<Issued> pool) throws Exception {
        for (Issued issued : pool.subList(0, 2)) {
            CertificateExport.of(new StoredCertificate(
                            TestCertificates.NAME, "/store", issued.chain(), issued.keyPair(), null, null))
                    .toPem(folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".wucme-")))
                    .as("what the killed ones left behind is gone")
                    .hasSize(2);
        }
    }

    private static void requirePair(Path folder) throws Exception {
        CertificateChain chain = CertificateChain.parse(Files.readString(folder.resolve("fullchain.pem")));
        KeyPair key = KeyPairs.read(Files.readString(folder.resolve("privkey.pem")));
        assertThat(Contents.belong(key, chain)).isTrue();
    }
}
