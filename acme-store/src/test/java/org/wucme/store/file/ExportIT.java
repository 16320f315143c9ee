package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    private static final int KILLS = 40;
    private static final int LONGEST_WAIT_MICROS = 20_000;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whenAProcessIsKilledAtAnyMomentCertificateAndKeyBelongTogether(@TempDir Path temporary) throws Exception {
        List<Issued> pool = SavingChild.writePool(temporary);
        Path folder = temporary.resolve("tls");
        ChildJvm jvm = ChildJvm.prepare(
                temporary, ExportingChild.class, temporary.resolve("warm-up").toString(), temporary.toString(), "3");
        Random random = new Random();
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = jvm.start(ExportingChild.class, folder.toString(), temporary.toString(), "1000000");
            try (BufferedReader output = process.inputReader()) {
                assertThat(output.readLine()).isEqualTo("0");
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_WAIT_MICROS)));
            } finally {
                process.destroyForcibly().waitFor();
            }
            requirePair(folder);
        }
        Issued last = pool.get(0);
        CertificateExport.of(new StoredCertificate(
                        TestCertificates.NAME, "/store", last.chain(), last.keyPair(), null, null))
                .toPem(folder);
        CertificateExport.of(new StoredCertificate(
                        TestCertificates.NAME,
                        "/store",
                        pool.get(1).chain(),
                        pool.get(1).keyPair(),
                        null,
                        null))
                .toPem(folder);
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
