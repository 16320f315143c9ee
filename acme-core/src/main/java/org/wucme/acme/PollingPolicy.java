package org.wucme.acme;

import java.time.Duration;

/**
 * How a client waits for an order: after the CA's {@code Retry-After} when there is one, else after waits that grow. A
 * value: immutable.
 *
 * @param firstDelay wait before the second look
 * @param growth factor from one wait to the next, at least 1
 * @param maxDelay longest wait between two looks when the CA does not ask for more
 * @param timeout longest time in all; a CA that asks for more makes the wait end at once with
 *     {@link AcmeTimeoutException}, which says where and when to go on
 */
public record PollingPolicy(Duration firstDelay, double growth, Duration maxDelay, Duration timeout) {

    /** 50 ms, growing by 1.6 up to 5 s, for at most 10 minutes. */
    public static final PollingPolicy DEFAULT =
            new PollingPolicy(Duration.ofMillis(50), 1.6, Duration.ofSeconds(5), Duration.ofMinutes(10));

    public PollingPolicy {
        if (firstDelay.isNegative() || maxDelay.isNegative() || timeout.isNegative() || growth < 1) {
            throw new IllegalArgumentException("delays and timeout are not negative, and growth is at least 1");
        }
    }

    /** This policy with another timeout. */
    public PollingPolicy withTimeout(Duration newTimeout) {
        return new PollingPolicy(firstDelay, growth, maxDelay, newTimeout);
    }
}
