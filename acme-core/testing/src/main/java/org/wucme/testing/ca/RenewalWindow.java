package org.wucme.testing.ca;

import java.time.Duration;
import java.time.Instant;

/** When a certificate had better be renewed (RFC 9773 section 4.2). */
record RenewalWindow(Instant start, Instant end) {

    /** The first half of the last third of a certificate's lifetime. */
    static RenewalWindow usual(Instant from, Instant to) {
        Duration sixth = Duration.between(from, to).dividedBy(6);
        return new RenewalWindow(to.minus(sixth.multipliedBy(2)), to.minus(sixth));
    }

    /** One that has passed, for a certificate to be replaced at once. */
    static RenewalWindow before(Instant now) {
        return new RenewalWindow(now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)));
    }
}
