package org.wucme.cli;

import java.math.BigDecimal;
import java.time.Duration;

/** How long something is, in words, such as "12 days". */
public final class Span {

    private static final long SECONDS_PER_DAY = 24 * 3600;

    private Span() {}

    /** Whole days, rounded down as everywhere: what is past by an hour is -1. */
    public static long days(Duration duration) {
        return Math.floorDiv(duration.toSeconds(), SECONDS_PER_DAY);
    }

    /** Days with one digit after the point, rounded down. */
    static String tenthsOfDays(Duration duration) {
        long tenths = Math.floorDiv(duration.toSeconds() * 10, SECONDS_PER_DAY);
        return BigDecimal.valueOf(tenths, 1).toPlainString();
    }

    /** Rounded down, in the largest unit of which there are two or more; never negative. */
    public static String words(Duration duration) {
        Duration length = duration.abs();
        if (length.toDays() >= 2) {
            return length.toDays() + " days";
        }
        if (length.toHours() >= 2) {
            return length.toHours() + " hours";
        }
        return length.toMinutes() >= 2 ? length.toMinutes() + " minutes" : "a minute";
    }
}
