package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.ChildJvm;
import org.wucme.tls.ServerCertificates;

/** A server in this process, whose certificates another process replaces. */
class ServedFromAnotherProcessIT {

    private static final int SAVES = 41;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatAnotherProcessSavesIsServed(@TempDir Path temporary) throws Exception {
        Path pool = temporary.resolve("pool");
        Files.createDirectory(pool);
        SavingChild.writePool(pool);
        Path folder = temporary.resolve("store");
        ChildJvm jvm = ChildJvm.prepare(temporary, SavingChild.class, SavingChild.arguments(pool, 1, folder, 0));
        try (ServerCertificates certificates = ServerCertificates.builder(FileStore.open(folder))
                .watchEvery(Duration.ofMillis(2))
                .open()) {
            X509ExtendedKeyManager keys = certificates.keyManager();
            Process process = jvm.start(SavingChild.class, SavingChild.arguments(pool, SAVES, folder, 1));
            try (BufferedReader output = process.inputReader()) {
                assertThat(output.lines()).hasSize(1 + SAVES);
            } finally {
                process.destroyForcibly();
            }
            X509Certificate last = TestCertificates.POOL
                    .get(SAVES % TestCertificates.POOL.size())
                    .chain()
                    .leaf();
            // Ends by the timeout.
            while (!served(keys).equals(last)) {
                Thread.onSpinWait();
            }
        }
    }

    /** What a handshake would get. */
    private static X509Certificate served(X509ExtendedKeyManager keys) {
        String alias = keys.chooseServerAlias("EC", new Principal[0], null);
        X509Certificate leaf = keys.getCertificateChain(alias)[0];
        assertThat(keys.getPrivateKey(alias).getAlgorithm()).isEqualTo("EC");
        return leaf;
    }
}
