package org.wucme.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a CA is to renew a short-term certificate by itself, from one order (STAR, RFC 8739 section 3.1.1). Immutable.
 *
 * @param startDate when the first certificate begins to be valid, at the earliest; null for as soon as the order is ready
 * @param endDate when the last certificate ends to be valid, at the latest
 * @param lifetime longest validity of each certificate, in whole seconds
 * @param lifetimeAdjust how much earlier than needed each certificate begins to be valid, for clocks that are slow; in whole
 *     seconds
 * @param allowCertificateGet whether anybody may read the current certificate, without an account; see {@link
 *     AcmeClient#fetchStarCertificate}
 */
public record AutoRenewal(
        @Nullable Instant startDate,
        Instant endDate,
        Duration lifetime,
        Duration lifetimeAdjust,
        boolean allowCertificateGet) {

    public AutoRenewal {
        Objects.requireNonNull(endDate, "endDate");
        if (lifetime.toSeconds() < 1 || lifetimeAdjust.isNegative()) {
            throw new IllegalArgumentException(
                    "a renewed certificate lives for at least a second, and does not begin later than needed");
        }
        if (startDate != null && !startDate.isBefore(endDate)) {
            throw new IllegalArgumentException("renewal cannot end at " + endDate + " and begin at " + startDate);
        }
    }

    /**
     * Renewal from now on.
     *
     * @param endDate when the last certificate ends to be valid, at the latest
     * @param lifetime longest validity of each certificate, in whole seconds
     * @throws IllegalArgumentException if the lifetime is less than a second
     */
    public static AutoRenewal until(Instant endDate, Duration lifetime) {
        return new AutoRenewal(null, endDate, lifetime, Duration.ZERO, false);
    }

    /** This renewal from a later moment on; null for as soon as possible. */
    public AutoRenewal startDate(@Nullable Instant when) {
        return new AutoRenewal(when, endDate, lifetime, lifetimeAdjust, allowCertificateGet);
    }

    /** This renewal with certificates that begin to be valid earlier than needed, by whole seconds. */
    public AutoRenewal lifetimeAdjust(Duration earlier) {
        return new AutoRenewal(startDate, endDate, lifetime, earlier, allowCertificateGet);
    }

    /** This renewal with certificates that anybody may read (RFC 8739 section 3.4), or not. */
    public AutoRenewal allowCertificateGet(boolean allow) {
        return new AutoRenewal(startDate, endDate, lifetime, lifetimeAdjust, allow);
    }
}
