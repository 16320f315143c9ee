package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeException;

/**
 * When a certificate that could not be renewed is tried again: after 1, 10 and 100 minutes, then once a day, as Let's Encrypt
 * recommends; once a day at once if a human must change something first. A certificate that lives for days only, or for less,
 * is tried again after a thirtieth of its lifetime at the latest.
 */
final class FailureBackoff {

    private static final Duration DAY = Duration.ofDays(1);
    private static final List<Duration> DELAYS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), DAY);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int ATTEMPTS_IN_LIFETIME = 30;

    private FailureBackoff() {}

    /**
     * The next attempt: later if the CA asked for more, but not beyond {@link RenewalRule#LONGEST_HOLD}.
     *
     * @param failures how many have failed in a row, this one included
     * @param lifetime of the certificate that is renewed; null if there is none
     */
    static Instant nextAttempt(int failures, Throwable cause, Instant now, @Nullable Duration lifetime) {
        Instant own = now.plus(delay(failures, cause, lifetime));
        if (!(cause instanceof AcmeException failure)) {
            return own;
        }
        Instant latest = now.plus(RenewalRule.LONGEST_HOLD);
        return failure.retryAt()
                .filter(at -> at.isAfter(own))
                .map(at -> at.isAfter(latest) ? latest : at)
                .orElse(own);
    }

    private static Duration delay(int failures, Throwable cause, @Nullable Duration lifetime) {
        // What was missing on this side may be there soon.
        boolean isPermanent = Failure.isPermanent(cause) && !(cause instanceof NotConfiguredException);
        Duration usual = isPermanent ? DAY : DELAYS.get(Math.min(failures, DELAYS.size()) - 1);
        Duration longest = lifetime == null ? DAY : longest(lifetime);
        return usual.compareTo(longest) < 0 ? usual : longest;
    }

    private static Duration longest(Duration lifetime) {
        Duration part = lifetime.dividedBy(ATTEMPTS_IN_LIFETIME);
        return part.compareTo(SHORTEST) < 0 ? SHORTEST : part;
    }
}
