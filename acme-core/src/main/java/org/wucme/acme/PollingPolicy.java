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
 * @param refusals how many attempts to validate an identifier must fail for the same kind of reason, at a CA that leaves
 *     the challenge undecided after that (RFC 8555 section 8.2), before the wait ends with {@link AcmeChallengeException}; at
 *     least 1
 * @param refusalTime how long after the first of these attempts the wait goes on at least; not negative
 */
public record PollingPolicy(
        Duration firstDelay, double growth, Duration maxDelay, Duration timeout, int refusals, Duration refusalTime) {

    private static final int USUAL_REFUSALS = 3;
    private static final Duration USUAL_REFUSAL_TIME = Duration.ofMinutes(2);

    /** 65 ms, growing by 1.6 up to 5 s, for at most 10 minutes; three refusals of the same kind, and at least 2 minutes. */
    // Less a fifth, the first wait is still 50 ms: a CA has time to validate or to issue.
    public static final PollingPolicy DEFAULT =
            new PollingPolicy(Duration.ofMillis(65), 1.6, Duration.ofSeconds(5), Duration.ofMinutes(10));

    public PollingPolicy {
        // Without a delay, the CA would be flooded.
        if (!isPositive(firstDelay) || !isPositive(maxDelay) || timeout.isNegative() || !(growth >= 1)) {
            throw new IllegalArgumentException(
                    "delays are more than zero, the timeout is not negative, and growth is at least 1");
        }
        if (refusals < 1 || refusalTime.isNegative()) {
            throw new IllegalArgumentException(
                    "a wait ends after at least 1 refusal, and a time that is not negative, not after " + refusals
                            + " and " + refusalTime);
        }
    }

    /** A policy that gives up after three refusals of the same kind or two minutes, whichever is later. */
    public PollingPolicy(Duration firstDelay, double growth, Duration maxDelay, Duration timeout) {
        this(firstDelay, growth, maxDelay, timeout, USUAL_REFUSALS, USUAL_REFUSAL_TIME);
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }

    /** This policy with another timeout. */
    public PollingPolicy withTimeout(Duration newTimeout) {
        return new PollingPolicy(firstDelay, growth, maxDelay, newTimeout, refusals, refusalTime);
    }

    /**
     * This policy, which gives up after so many refusals of the same kind or this time, whichever is later.
     *
     * @throws IllegalArgumentException if that is less than one refusal, or a negative time
     */
    public PollingPolicy withRefusals(int count, Duration time) {
        return new PollingPolicy(firstDelay, growth, maxDelay, timeout, count, time);
    }
}
