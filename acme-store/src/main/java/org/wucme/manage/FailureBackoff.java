package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.wucme.acme.AcmeException;

/** When a certificate that could not be renewed is tried again: soon at first, then once a day. */
final class FailureBackoff {

    private static final List<Duration> DELAYS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofDays(1));

    private FailureBackoff() {}

    /**
     * The next attempt: later if the CA asked for more.
     *
     * @param failures how many have failed in a row, this one included
     */
    static Instant nextAttempt(int failures, Exception cause, Instant now) {
        Instant next = now.plus(DELAYS.get(Math.min(failures, DELAYS.size()) - 1));
        if (cause instanceof AcmeException failure) {
            return failure.retryAt().filter(at -> at.isAfter(next)).orElse(next);
        }
        return next;
    }
}
