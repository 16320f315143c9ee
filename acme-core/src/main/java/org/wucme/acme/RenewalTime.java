package org.wucme.acme;

import java.time.Instant;

/**
 * The moment that was chosen for a renewal from the window that a CA suggested (RFC 9773 section 4.2). To be kept for as
 * long as the certificate is, so that a restart does not choose anew. Immutable.
 *
 * @param windowStart where the window began when the moment was chosen
 * @param windowEnd where it ended
 * @param chosen the moment, in the window
 */
public record RenewalTime(Instant windowStart, Instant windowEnd, Instant chosen) {

    /**
     * Whether to renew now: the moment has come, or it comes before anybody looks again (RFC 9773 section 4.2).
     *
     * @param nextWake when this is asked the next time
     */
    public boolean isDue(Instant now, Instant nextWake) {
        return !chosen.isAfter(now) || chosen.isBefore(nextWake);
    }
}
