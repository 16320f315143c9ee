package org.wucme.acme;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a CA allows of automatic renewal (STAR, RFC 8739 section 3.2). Immutable.
 *
 * @param minLifetime shortest lifetime of a certificate that it takes; null if it does not say
 * @param maxDuration longest time from the first certificate to the end of the last; null if it does not say
 * @param allowCertificateGet whether it lets anybody read a certificate whose order allows that
 */
public record AutoRenewalLimits(
        @Nullable Duration minLifetime, @Nullable Duration maxDuration, boolean allowCertificateGet) {

    /**
     * Makes sure that the CA allows a renewal.
     *
     * @param now when it begins, if it does not say so itself
     * @throws AcmeException if it does not; the message says what the limit is
     */
    void require(AutoRenewal wanted, Instant now) throws AcmeException {
        if (minLifetime != null && wanted.lifetime().compareTo(minLifetime) < 0) {
            throw new AcmeException("the CA renews no certificate that lives for less than " + minLifetime.toSeconds()
                    + " seconds, and this one would for " + wanted.lifetime().toSeconds());
        }
        Instant start = wanted.startDate() == null ? now : wanted.startDate();
        Duration duration = Duration.between(start, wanted.endDate());
        if (duration.isNegative()) {
            throw new AcmeException("renewal would end at " + wanted.endDate() + ", which is in the past");
        }
        if (maxDuration != null && duration.compareTo(maxDuration) > 0) {
            throw new AcmeException("the CA renews for no longer than " + maxDuration.toSeconds()
                    + " seconds, and this would be for " + duration.toSeconds());
        }
    }
}
