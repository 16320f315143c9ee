package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long until certificates are looked at again. Where the caller does not say, a day is assumed, as of a daily run; for a
 * certificate of less than twelve days a twelfth of its lifetime, since a caller who manages such certificates comes more often:
 * otherwise each of his runs would renew them.
 *
 * @param known as the caller says; null if it does not
 */
record WakeInterval(@Nullable Duration known) {

    private static final Duration DAILY = Duration.ofDays(1);
    private static final int PART_OF_LIFETIME = 12;

    /** When a certificate is looked at again after this look. */
    Instant nextWake(CertificateState certificate, Instant now) {
        if (known != null) {
            return now.plus(known);
        }
        Validity validity = certificate.validity();
        Duration part = validity == null ? DAILY : validity.lifetime().dividedBy(PART_OF_LIFETIME);
        return now.plus(part.compareTo(DAILY) < 0 ? part : DAILY);
    }
}
