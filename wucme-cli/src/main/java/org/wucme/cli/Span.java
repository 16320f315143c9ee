package org.wucme.cli;

import java.time.Duration;

/** How long something is, in words, such as "12 days". */
public final class Span {

    private Span() {}

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
