package org.wucme.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.tls.TestCertificates.issue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.file.FileStore;

class ReplacementUnderLoadIT {

    private static final int THREADS = 8;
    private static final int REPLACEMENTS = 200;
    private static final String NAME = "www.example.org";

    private final AtomicLong announced = new AtomicLong(1);
    private final AtomicBoolean done = new AtomicBoolean();

    @TempDir
    Path folder;

    /** By telling at once, while a watcher looks too. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void noHandshakeFailsAndNoneGoesBackwards() throws Exception {
        FileStore store = FileStore.open(folder);
        String name = issue(1, NAME).saveIn(store);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try (LogLines log = LogLines.collect();
                ServerCertificates certificates = ServerCertificates.builder(store)
                        .watchEvery(Duration.ofMillis(1))
                        .open();
                TestServer server = TestServer.start(certificates.sslContext())) {
            List<Future<Integer>> handshakes = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                TestClient client = i % 2 == 0 ? TestClient.TLS_1_2 : TestClient.TLS_1_3;
                handshakes.add(executor.submit(() -> shakeHands(client, server)));
            }
            for (long serial = 2; serial <= 1 + REPLACEMENTS; serial++) {
                issue(serial, NAME).saveIn(store);
                certificates.refresh(name);
                announced.set(serial);
            }
            done.set(true);
            for (Future<Integer> count : handshakes) {
                assertThat(count.get()).isPositive();
            }
            assertThat(log.warnings()).isEmpty();
        } finally {
            done.set(true);
            executor.shutdownNow();
        }
    }

    private int shakeHands(TestClient client, TestServer server) throws IOException {
        long last = 0;
        int count = 0;
        boolean isLast;
        do {
            isLast = done.get();
            long least = Math.max(last, announced.get());
            last = client.ask(server, NAME).getSerialNumber().longValueExact();
            assertThat(last).isGreaterThanOrEqualTo(least);
            count++;
        } while (!isLast);
        assertThat(last).isEqualTo(1 + REPLACEMENTS);
        return count;
    }
}
