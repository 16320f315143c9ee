package org.wucme.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wucme.tls.TestCertificates.issue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Deadline;

/** An unexpected error is logged once, with its stack trace; an expected failure in one line without. */
class UnexpectedErrorTest {

    private final LogLines log = LogLines.collect();

    @AfterEach
    void close() {
        log.close();
    }

    private static ServerCertificates open(MemorySource source) throws IOException {
        return ServerCertificates.builder(source)
                .watchEvery(Duration.ofDays(365))
                .open();
    }

    @Test
    void ofTheSourceItIsLoggedOnceUntilTheSourceCanBeReadAgain() throws Exception {
        MemorySource source = new MemorySource().put("A", issue(1, "a.example.org"));
        try (ServerCertificates certificates = open(source)) {
            source.put("A", () -> {
                throw new IllegalStateException("a mistake");
            });

            certificates.refresh("A");
            certificates.refresh("A");

            assertThat(log.traces()).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatCannotBeReadIsNamedInOneLine() throws Exception {
        MemorySource source = new MemorySource().put("A", issue(1, "a.example.org"));
        try (ServerCertificates certificates = open(source)) {
            source.putBroken("A", "it says\n2026-11-22 renewed" + "x".repeat(1 << 20));

            certificates.refresh("A");

            assertThat(log.traces()).isEmpty();
            assertThat(log.warnings())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("it says 2026").hasSizeLessThan(5000));
        }
    }

    @Test
    void ofALoadForAHandshakeItIsLoggedAndTheHandshakeGoesOn() {
        try (KeyLoads loads = new KeyLoads(
                name -> {
                    throw new NoClassDefFoundError("a mistake");
                },
                Duration.ofMinutes(1))) {
            assertThat(loads.load("A", Deadline.after(Duration.ofMinutes(1)))).isNull();

            assertThat(log.traces()).singleElement().isInstanceOf(NoClassDefFoundError.class);
        }
    }

    @Test
    void theWatcherGoesOnAfterItAndLogsItOnce() throws Exception {
        CountDownLatch looks = new CountDownLatch(3);
        Runnable look = () -> {
            looks.countDown();
            throw new IllegalStateException("a mistake");
        };
        try (Watcher watcher = new Watcher(look, Duration.ofMillis(1))) {
            watcher.start();
            looks.await();
        }

        assertThat(log.traces()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureOfTheSourceIsOneLine() throws IOException {
        MemorySource source = new MemorySource().put("A", issue(1, "a.example.org"));
        try (ServerCertificates certificates = open(source)) {
            source.failWith("disk on fire");
            certificates.refresh("A");

            assertThat(log.warnings()).singleElement().asString().contains("disk on fire");
            assertThat(log.traces()).isEmpty();
        }
    }
}
