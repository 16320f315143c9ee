package org.wucme.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Moments as people read them: local time, to the minute. */
public final class LocalMinute {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    private LocalMinute() {}

    /** The minute that a moment lies in. */
    public static String of(Instant moment) {
        return FORMAT.format(moment);
    }

    /** The first full minute that is not before a moment: whoever waits for it has waited long enough. */
    public static String notBefore(Instant moment) {
        return of(moment.plus(Duration.ofMinutes(1)).minusNanos(1));
    }
}
