package org.wucme.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.tls.TestCertificates.issue;
import static org.wucme.tls.TestCertificates.issueRsa;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.TestCertificates.Issued;

class ManyCertificatesTest {

    private static final int COUNT = 10_000;
    private static final int KEYS = 100;

    /** The signatures of all but one are wrong, which no server looks at. */
    @Test
    void ofTenThousandCertificatesOnlySomeKeysAreInMemory() throws Exception {
        Issued pattern = issue(1, "host-00000.example.org");
        byte[] der = pattern.chain().leaf().getEncoded();
        MemorySource source = new MemorySource();
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            source.put("HOST" + i, () -> renamed(pattern, der, number).storedAs("HOST" + number));
        }
        try (ServerCertificates certificates = ServerCertificates.builder(source)
                        .keysInMemory(KEYS)
                        .watchEvery(Duration.ofDays(1))
                        .open();
                TestServer server = TestServer.start(certificates.sslContext())) {
            assertThat(source.readings()).isEqualTo(COUNT);
            assertThat(certificates.keysInMemory()).isEqualTo(KEYS);

            for (int i = 0; i < COUNT; i += 37) {
                String name = name(i);
                assertThat(CertificateChain.identifiersOf(TestClient.TLS_1_2.ask(server, name)))
                        .singleElement()
                        .hasToString(name);
                assertThat(certificates.keysInMemory()).isLessThanOrEqualTo(KEYS);
            }
            assertThat(certificates.keysInMemory()).isEqualTo(KEYS);

            long before = source.readings();
            certificates.refresh();
            assertThat(source.readings()).as("nothing has changed").isEqualTo(before);
            source.put("HOST7", issue(2, name(7)));
            certificates.refresh();
            assertThat(source.readings()).isEqualTo(before + 1);
            assertThat(TestClient.TLS_1_2.ask(server, name(7)).getSerialNumber())
                    .isEqualTo(2);
        }
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "host-%05d.example.org", number);
    }

    private static Issued renamed(Issued pattern, byte[] der, int number) {
        byte[] copy = der.clone();
        byte[] name = name(number).getBytes(StandardCharsets.US_ASCII);
        byte[] old = name(0).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + old.length <= der.length; i++) {
            if (Arrays.equals(der, i, i + old.length, old, 0, old.length)) {
                System.arraycopy(name, 0, copy, i, name.length);
            }
        }
        try {
            X509Certificate leaf = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(copy));
            return new Issued(new CertificateChain(List.of(leaf)), pattern.keyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void handshakesThatNeedOneKeyAtOnceReadItOnce() throws Exception {
        int count = 8;
        List<Thread> threads = new CopyOnWriteArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work);
            threads.add(thread);
            return thread;
        });
        Issued issued = issue(1, "www.example.org");
        MemorySource source = new MemorySource().put("A", issued).put("B", issueRsa(2, "mail.example.org"));
        try (ServerCertificates certificates = ServerCertificates.builder(source)
                .watchEvery(Duration.ofDays(1))
                .loadDeadline(Duration.ofMinutes(1))
                .keysInMemory(1)
                .open()) {
            TestClient.RSA_ONLY.ask(certificates.sslContext().createSSLEngine(), "mail.example.org");
            long before = source.readings();
            source.put("A", () -> {
                awaitWaiting(threads, count);
                return issued.storedAs("A");
            });
            List<Future<String>> aliases = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                aliases.add(executor.submit(
                        () -> certificates.keyManager().chooseServerAlias("EC", new Principal[0], null)));
            }
            for (Future<String> alias : aliases) {
                assertThat(certificates.keyManager().getPrivateKey(alias.get())).isNotNull();
            }
            assertThat(source.readings()).isEqualTo(before + 1);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Ends by the timeout of all tests. */
    private static void awaitWaiting(List<Thread> threads, int count) {
        while (threads.stream()
                        .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                        .count()
                < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aHandshakeGetsKeyAndChainOfWhatItChoseEvenIfThatIsReplacedAndForgotten() throws Exception {
        MemorySource source = new MemorySource().put("A", issue(1, "a.example")).put("B", issue(1, "b.example"));
        try (ServerCertificates certificates = ServerCertificates.builder(source)
                .watchEvery(Duration.ofDays(1))
                .keysInMemory(1)
                .open()) {
            String alias = certificates.keyManager().chooseServerAlias("EC", null, null);
            Issued next = issueRsa(2, "a.example");
            source.put("A", () -> new StoredCertificate("A", "memory:A", next.chain(), next.keyPair(), null, null));
            certificates.refresh("A");
            source.remove("A");
            certificates.refresh();
            certificates.keyManager().chooseServerAlias("EC", null, null);
            System.gc();

            assertThat(certificates.keyManager().getPrivateKey(alias)).isEqualTo(TestCertificates.EC.getPrivate());
            assertThat(certificates.keyManager().getCertificateChain(alias)[0].getSerialNumber())
                    .isEqualTo(1);
        }
    }
}
