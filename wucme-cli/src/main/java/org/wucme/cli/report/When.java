package org.wucme.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.wucme.cli.Span;

/** Moments as a page shows them: in the words of people, with the exact one beside. Immutable. */
final class When {

    private final DateTimeFormatter day;
    private final DateTimeFormatter dayOfYear;
    private final DateTimeFormatter minute;
    private final DateTimeFormatter time;
    private final Instant now;

    When(Instant now, ZoneId zone) {
        this.now = now;
        this.day = format("d MMM uuuu", zone);
        this.dayOfYear = format("d MMM", zone);
        this.minute = format("d MMM uuuu, HH:mm", zone);
        this.time = format("HH:mm", zone);
    }

    private static DateTimeFormatter format(String pattern, ZoneId zone) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(zone);
    }

    /** Such as "2 Dec 2026". */
    Html day(Instant moment) {
        return element(moment, day.format(moment));
    }

    /** Such as "2 Dec 2026, 14:05". */
    Html minute(Instant moment) {
        return element(moment, text(moment));
    }

    /** As {@link #minute}, where no element can be. */
    String text(Instant moment) {
        return minute.format(moment);
    }

    /** Such as "2 Dec", for a mark on a bar of so long; with the time instead if that is short. */
    String mark(Instant moment, Duration length) {
        return (length.toDays() >= 2 ? dayOfYear : time).format(moment);
    }

    /** Such as "in 12 days", "3 hours ago" or "just now". */
    Html relative(Instant moment) {
        Duration ahead = Duration.between(now, moment);
        String words = Span.words(ahead);
        boolean isPast = ahead.isNegative() || ahead.isZero();
        if (isPast && ahead.toMinutes() == 0) {
            words = "just now";
        } else {
            words = isPast ? words + " ago" : "in " + words;
        }
        return element(moment, words);
    }

    private static Html element(Instant moment, String text) {
        return Html.of("<time datetime=\"{}\">{}</time>", moment.truncatedTo(ChronoUnit.SECONDS), text);
    }
}
