package org.wucme.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a CA would like a certificate to be renewed (RFC 9773 section 4.2). Immutable.
 *
 * @param windowStart where the suggested window begins; a window in the past means: now
 * @param windowEnd where it ends, later than its start
 * @param explanationUrl page that tells a human why the window is as it is, if the CA gave one; to be shown with the window
 * @param askAgainAt when to ask again, from the CA's {@code Retry-After}
 */
public record RenewalInfo(
        Instant windowStart, Instant windowEnd, @Nullable String explanationUrl, Instant askAgainAt) {

    /** The shortest wait between two questions, whatever a CA asks for. */
    static final Duration SHORTEST_WAIT = Duration.ofMinutes(1);

    /** The longest wait between two questions, whatever a CA asks for: windows move when certificates must be revoked. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /** The wait after a failure that retries did not mend, or when the CA does not say (RFC 9773 section 4.3.3). */
    public static final Duration USUAL_WAIT = Duration.ofHours(6);

    private static final Duration LONGEST_IN_NANOS = Duration.ofNanos(Long.MAX_VALUE);

    public RenewalInfo {
        if (!windowStart.isBefore(windowEnd)) {
            throw new IllegalArgumentException("a renewal window ends after it starts");
        }
    }

    /**
     * The moment to renew at, to be kept: it was chosen earlier, or is drawn now if nothing was chosen yet or the CA has
     * moved the window. Every moment of the window is equally likely (RFC 9773 section 4.2), so that the CA's load is even.
     *
     * @param earlier what this method gave the last time for the same certificate; null if it is asked for the first time
     */
    public RenewalTime choose(@Nullable RenewalTime earlier, RandomGenerator random) {
        if (earlier != null
                && earlier.windowStart().equals(windowStart)
                && earlier.windowEnd().equals(windowEnd)) {
            return earlier;
        }
        return new RenewalTime(windowStart, windowEnd, windowStart.plus(lessThan(windowLength(), random)));
    }

    private Duration windowLength() {
        return Duration.between(windowStart, windowEnd);
    }

    // A window of centuries makes no sense, but must not end in an overflow.
    private static Duration lessThan(Duration length, RandomGenerator random) {
        return length.compareTo(LONGEST_IN_NANOS) < 0
                ? Duration.ofNanos(random.nextLong(length.toNanos()))
                : Duration.ofSeconds(random.nextLong(length.toSeconds()));
    }

    /** When to ask again: as the CA wishes within the bounds of reason, after the usual wait if it has no wish. */
    static Instant nextQuestion(@Nullable Instant wished, Instant now) {
        if (wished == null) {
            return now.plus(USUAL_WAIT);
        }
        Instant earliest = now.plus(SHORTEST_WAIT);
        Instant latest = now.plus(LONGEST_WAIT);
        return wished.isBefore(earliest) ? earliest : wished.isAfter(latest) ? latest : wished;
    }
}
