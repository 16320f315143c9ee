package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.CertificateStore;

/**
 * Passes events on, but an alarm for the same reason once a day only, whichever manager of the store raises it. Thread-safe.
 *
 * <p>Where the store cannot note alarms, each manager knows its own.
 */
final class Alarms implements Consumer<ManagerEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final Duration PAUSE = Duration.ofDays(1);

    // Every planning pass finds the same alarms: not each is a reason to ask the store.
    private static final Duration PAUSE_OF_OTHERS = Duration.ofMinutes(10);

    private record Key(String name, ManagerEvent.Reason reason) {}

    /** An answer of the store, and how long it counts. */
    private record Asked(Instant at, Duration pause) {
        boolean isRecent(Instant now) {
            // By a clock that was put back, too.
            return Duration.between(at, now).abs().compareTo(pause) < 0;
        }
    }

    private final Consumer<ManagerEvent> next;
    private final CertificateStore store;
    private final Clock clock;
    private final Map<Key, Asked> latest = new ConcurrentHashMap<>();

    Alarms(Consumer<ManagerEvent> next, CertificateStore store, Clock clock) {
        this.next = next;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void accept(ManagerEvent event) {
        if (!(event instanceof ManagerEvent.Alarm alarm) || isNew(alarm)) {
            next.accept(event);
        }
    }

    private boolean isNew(ManagerEvent.Alarm alarm) {
        Key key = new Key(alarm.name(), alarm.reason());
        Instant now = clock.instant();
        Asked before = latest.get(key);
        if (before != null && before.isRecent(now)) {
            return false;
        }
        boolean isFirst = isFirst(key, now);
        latest.put(key, new Asked(now, isFirst ? PAUSE : PAUSE_OF_OTHERS));
        return isFirst;
    }

    private boolean isFirst(Key key, Instant now) {
        try {
            return store.firstAlarm(key.name(), key.reason().name(), now, PAUSE);
        } catch (IOException | RuntimeException e) {
            LOG.info(
                    "the alarm {} for {} could not be noted in the store, so another process may raise it again: {}",
                    key.reason(),
                    key.name(),
                    Failure.describe(e));
            LOG.debug("not noted", Trace.of(e));
            return true;
        }
    }
}
