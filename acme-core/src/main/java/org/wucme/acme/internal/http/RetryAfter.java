package org.wucme.acme.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}: seconds or a date (RFC 9110 section 10.2.3). */
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Pattern SECONDS = Pattern.compile("[0-9]+");
    private static final int DIGITS_OF_AN_ABSURD_NUMBER = 10;

    private RetryAfter() {}

    /**
     * When to ask again, on this machine's clock: not in the past, and at most a year ahead.
     *
     * @param date the header as a date, if it is one
     * @param serverDate the server's own clock, if it told; a date is then taken as relative to it, since clocks differ
     * @return null if the header makes no sense
     */
    static @Nullable Instant parse(String header, @Nullable Instant date, @Nullable Instant serverDate, Instant now) {
        String text = header.strip();
        if (SECONDS.matcher(text).matches()) {
            boolean absurd = text.length() >= DIGITS_OF_AN_ABSURD_NUMBER;
            return clamp(absurd ? LONGEST : Duration.ofSeconds(Long.parseLong(text)), now);
        }
        return date == null ? null : clamp(Duration.between(serverDate == null ? now : serverDate, date), now);
    }

    private static Instant clamp(Duration wait, Instant now) {
        if (wait.isNegative()) {
            return now;
        }
        return now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }
}
