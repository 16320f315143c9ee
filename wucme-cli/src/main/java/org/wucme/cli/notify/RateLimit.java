package org.wucme.cli.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/**
 * Keeps one target from being flooded: a certificate's event is told once an hour, an alarm for the same reason once a day,
 * unless the certificate was well in between; and only so much in a day, and of alarms as much again, so that nothing else
 * crowds them out. What is left out is counted in a later notice. That a certificate is well again
 * is always sent to a target that got a notice of its failure. Sent notices can be kept as JSON, for the next process. Not thread-safe.
 */
final class RateLimit {

    private static final Logger LOG = LoggerFactory.getLogger(RateLimit.class);
    private static final String FAILING = "failing";
    private static final String LATEST = "latest";
    private static final String ALARMS = "alarms";
    private static final String OTHERS = "others";
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    // A little less, so that a daily alarm is sent each day.
    private static final Duration ALARM_PAUSE = Duration.ofHours(23);

    private record Key(String certificate, Notice.Event event) {}

    private record Told(Instant at, String reason, int leftOut) {}

    private final Map<Key, Told> latest = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final Day alarms;
    private final Day others;

    RateLimit(int mostInADay) {
        this.alarms = new Day("alarms", mostInADay);
        this.others = new Day("notices", mostInADay);
    }

    /** What an earlier one has told; members that are not understood are left out. */
    static RateLimit parse(JsonNode json, int mostInADay) {
        RateLimit limit = new RateLimit(mostInADay);
        json.path(FAILING).forEach(each -> limit.failing.add(each.asText()));
        json.path(LATEST).forEach(limit::addLatest);
        limit.alarms.addAll(json.path(ALARMS));
        limit.others.addAll(json.path(OTHERS));
        return limit;
    }

    private void addLatest(JsonNode json) {
        try {
            Key key = new Key(
                    json.path("certificate").asText(),
                    Notice.Event.valueOf(json.path("event").asText()));
            Instant at = Instant.parse(json.path("at").asText());
            latest.put(
                    key,
                    new Told(
                            at,
                            json.path("reason").asText(),
                            json.path("leftOut").asInt()));
        } catch (IllegalArgumentException | DateTimeException e) {
            LOG.debug("not understood", Trace.of(e));
        }
    }

    /** What was told, as far as it counts at a time. */
    ObjectNode toJson(Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        failing.stream().sorted().forEach(json.putArray(FAILING)::add);
        ArrayNode told = json.putArray(LATEST);
        latest.forEach((key, last) -> {
            if (isWithin(DAY, last.at(), now)) {
                told.addObject()
                        .put("certificate", key.certificate())
                        .put("event", key.event().name())
                        .put("at", last.at().toString())
                        .put("reason", last.reason())
                        .put("leftOut", last.leftOut());
            }
        });
        alarms.told.forEach(at -> json.withArray(ALARMS).add(at.toString()));
        others.told.forEach(at -> json.withArray(OTHERS).add(at.toString()));
        return json;
    }

    /** The notice to send in the place of this one, at the time of this one; empty if it is too much. */
    Optional<Notice> admit(Notice notice) {
        Instant now = notice.time();
        Day day = notice.severity() == Notice.Severity.ALARM ? alarms : others;
        Key key = new Key(notice.certificate(), notice.event());
        Told before = latest.getOrDefault(key, new Told(Instant.EPOCH, "", 0));
        if (!isRecovery(notice)) {
            if (isWithin(pause(notice, before), before.at(), now)) {
                latest.put(key, new Told(before.at(), before.reason(), before.leftOut() + 1));
                return Optional.empty();
            }
            if (day.isFull(now)) {
                day.leaveOut();
                return Optional.empty();
            }
        }
        latest.put(key, new Told(now, notice.reason(), 0));
        noteState(notice);
        return Optional.of(day.add(withCount(notice, before.leftOut())));
    }

    private Duration pause(Notice notice, Told before) {
        boolean isOldAlarm = notice.severity() == Notice.Severity.ALARM
                && failing.contains(notice.certificate())
                && before.reason().equals(notice.reason());
        return isOldAlarm ? ALARM_PAUSE : PAUSE;
    }

    private boolean isRecovery(Notice notice) {
        return notice.severity() == Notice.Severity.SUCCESS && failing.contains(notice.certificate());
    }

    private void noteState(Notice told) {
        switch (told.severity()) {
            case SUCCESS -> failing.remove(told.certificate());
            case FAILURE, ALARM -> failing.add(told.certificate());
            case INFO -> {}
        }
    }

    // A clock that was put back must not silence anybody.
    private static boolean isWithin(Duration span, Instant before, Instant now) {
        return Duration.between(before, now).abs().compareTo(span) < 0;
    }

    private static Notice withCount(Notice notice, int leftOut) {
        return leftOut == 0 ? notice : notice.with("Left out since the last one like this: " + leftOut + ".");
    }

    /** What was told within the last day. */
    private static final class Day {

        private final String what;
        private final int most;
        private final Deque<Instant> told = new ArrayDeque<>();
        private int leftOut;

        Day(String what, int most) {
            this.what = what;
            this.most = most;
        }

        void addAll(JsonNode times) {
            times.forEach(time -> {
                try {
                    told.add(Instant.parse(time.asText()));
                } catch (DateTimeException e) {
                    LOG.debug("not understood", Trace.of(e));
                }
            });
        }

        boolean isFull(Instant now) {
            told.removeIf(at -> !isWithin(DAY, at, now));
            return told.size() >= most;
        }

        void leaveOut() {
            leftOut++;
        }

        Notice add(Notice notice) {
            told.add(notice.time());
            if (leftOut == 0) {
                return notice;
            }
            Notice counted = notice.with("Left out because there were more than " + most + " " + what + " in a day: "
                    + leftOut + ". The log has them.");
            leftOut = 0;
            return counted;
        }
    }
}
