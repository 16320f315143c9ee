package org.wucme.acme;

import java.time.Duration;

/**
 * How a client waits for an order: a short time once, then as long as the CA's {@code Retry-After} says when there is one, else
 * after waits that grow. A value: immutable.
 *
 * @param firstDelay wait before the first poll, whatever the CA asks for; more than zero
 * @param growth factor from one wait to the next, at least 1
 * @param maxDelay longest wait between two looks when the CA does not ask for more, give or take a fifth so that clients
 *     do not come in step; more than zero
 * @param timeout longest time in all; a CA that asks for more makes the wait end at once with
 *     {@link AcmeTimeoutException}, which says where and when to go on
 */
public record PollingPolicy(Duration firstDelay, double growth, Duration maxDelay, Duration timeout) {

    /** 65 ms, growing by 1.6 up to 5 s, for at most 10 minutes. */
    // Less a fifth, the first wait is still 50 ms: a CA has time to validate or to issue.
    public static final PollingPolicy DEFAULT =
            new PollingPolicy(Duration.ofMillis(65), 1.6, Duration.ofSeconds(5), Duration.ofMinutes(10));

    public PollingPolicy {
        // Without a delay, the CA would be flooded.
        if (!isPositive(firstDelay) || !isPositive(maxDelay) || timeout.isNegative() || !(growth >= 1)) {
            throw new IllegalArgumentException(
                    "delays are more than zero, the timeout is not negative, and growth is at least 1");
        }
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }

    /** This policy with another timeout. */
    public PollingPolicy withTimeout(Duration newTimeout) {
        return new PollingPolicy(firstDelay, growth, maxDelay, newTimeout);
    }
}
