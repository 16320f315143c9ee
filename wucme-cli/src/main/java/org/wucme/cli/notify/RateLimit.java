package org.wucme.cli.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps one target from being flooded: a certificate's event is told once an hour, and only so much in a day, but for alarms,
 * which nothing else may crowd out. What is left out is counted in a later notice. That a certificate is well again after a
 * failure is always told. Not thread-safe.
 */
final class RateLimit {

    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private record Key(String certificate, Notice.Event event) {}

    private record Told(Instant at, int leftOut) {}

    private final int mostInADay;
    private final Map<Key, Told> latest = new HashMap<>();
    private final Deque<Instant> today = new ArrayDeque<>();
    private final Set<String> failing = new HashSet<>();
    private int leftOutToday;

    RateLimit(int mostInADay) {
        this.mostInADay = mostInADay;
    }

    /** The notice to send in the place of this one, at the time of this one; empty if it is too much. */
    Optional<Notice> admit(Notice notice) {
        Instant now = notice.time();
        today.removeIf(at -> !isWithin(DAY, at, now));
        Key key = new Key(notice.certificate(), notice.event());
        Told before = latest.getOrDefault(key, new Told(Instant.EPOCH, 0));
        if (!isRecovery(notice)) {
            if (isWithin(PAUSE, before.at(), now)) {
                latest.put(key, new Told(before.at(), before.leftOut() + 1));
                return Optional.empty();
            }
            if (today.size() >= mostInADay && notice.severity() != Notice.Severity.ALARM) {
                leftOutToday++;
                return Optional.empty();
            }
        }
        latest.put(key, new Told(now, 0));
        today.add(now);
        return Optional.of(withCounts(notice, before.leftOut()));
    }

    private boolean isRecovery(Notice notice) {
        return switch (notice.severity()) {
            case SUCCESS -> failing.remove(notice.certificate());
            case FAILURE, ALARM -> {
                failing.add(notice.certificate());
                yield false;
            }
            case INFO -> false;
        };
    }

    // A clock that was put back must not silence anybody.
    private static boolean isWithin(Duration span, Instant before, Instant now) {
        return Duration.between(before, now).abs().compareTo(span) < 0;
    }

    private Notice withCounts(Notice notice, int leftOut) {
        Notice counted = leftOut == 0 ? notice : notice.with("Left out since the last one like this: " + leftOut + ".");
        if (leftOutToday > 0) {
            counted = counted.with("Left out because there were more than " + mostInADay + " notices in a day: "
                    + leftOutToday + ". The log has them.");
            leftOutToday = 0;
        }
        return counted;
    }
}
