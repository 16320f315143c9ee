package org.wucme.challenges.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class ThrottledLogTest {

    private final Logger logger = Logger.getLogger(ThrottledLogTest.class.getName());
    private final List<LogRecord> records = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ThrottledLog log =
            new ThrottledLog(LoggerFactory.getLogger(ThrottledLogTest.class), Level.WARN, 3, nanos::get);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private List<String> messages() {
        return records.stream().map(new SimpleFormatter()::formatMessage).toList();
    }

    @Test
    void theFirstOfAMinuteAreLoggedAndTheOthersCounted() {
        for (int i = 0; i < 100_000; i++) {
            log.log("event {}", i);
        }
        assertThat(messages()).containsExactly("event 0", "event 1", "event 2");

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        log.log("event {}", "later");

        assertThat(messages()).hasSize(5).last().asString().contains("99997", "omitted");
        assertThat(messages()).contains("event later");
    }

    @Test
    void anExceptionIsLoggedWithItsStackTrace() {
        IllegalStateException unexpected = new IllegalStateException("expected by this test");
        log.log("failed on port {}", 80, unexpected);

        assertThat(records).extracting(LogRecord::getThrown).containsExactly(unexpected);
    }
}
