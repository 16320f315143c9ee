package org.wucme.manage;

import java.time.Duration;
import java.util.Collection;

/** How often somebody must look, so that nothing is missed: a sixtieth of the shortest lifetime, but at least every hour. */
final class CheckInterval {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int CHECKS_IN_LIFETIME = 60;

    private CheckInterval() {}

    static Duration of(Collection<CertificateState> certificates) {
        Duration interval = LONGEST;
        for (CertificateState certificate : certificates) {
            Validity validity = certificate.validity();
            if (validity != null) {
                Duration part = validity.lifetime().dividedBy(CHECKS_IN_LIFETIME);
                interval = part.compareTo(interval) < 0 ? part : interval;
            }
        }
        return interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }
}
