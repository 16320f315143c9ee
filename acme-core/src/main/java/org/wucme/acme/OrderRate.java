package org.wucme.acme;

import java.time.Duration;

/**
 * How many orders a CA may be sent in a time. Immutable.
 *
 * @param orders the most within any period
 * @param period how long that is; zero for no limit
 */
public record OrderRate(int orders, Duration period) {

    /**
     * Ten orders in ten seconds: far below what Let's Encrypt allows an account (300 in three hours at once, and requests at
     * 300 a second), so that many due certificates neither use that up at one moment nor look like an attack.
     */
    public static final OrderRate USUAL = new OrderRate(10, Duration.ofSeconds(10));

    /** As many as there are, as fast as they are made. */
    public static final OrderRate UNLIMITED = new OrderRate(1, Duration.ZERO);

    public OrderRate {
        if (orders < 1) {
            throw new IllegalArgumentException("at least one order must be allowed in " + period + ", not " + orders);
        }
        if (period.isNegative()) {
            throw new IllegalArgumentException("orders cannot be limited to so many in less than no time: " + period);
        }
    }
}
