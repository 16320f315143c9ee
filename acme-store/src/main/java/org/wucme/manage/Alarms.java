package org.wucme.manage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes events on, but an alarm for the same reason once a day only. Thread-safe. */
final class Alarms implements Consumer<ManagerEvent> {

    private static final Duration PAUSE = Duration.ofDays(1);

    private record Key(String name, ManagerEvent.Reason reason) {}

    private final Consumer<ManagerEvent> next;
    private final Clock clock;
    private final Map<Key, Instant> latest = new ConcurrentHashMap<>();

    Alarms(Consumer<ManagerEvent> next, Clock clock) {
        this.next = next;
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
        Instant before = latest.get(key);
        if (before != null && Duration.between(before, now).abs().compareTo(PAUSE) < 0) {
            return false;
        }
        latest.put(key, now);
        return true;
    }
}
