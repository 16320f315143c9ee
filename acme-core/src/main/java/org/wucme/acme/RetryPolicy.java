package org.wucme.acme;

import java.time.Duration;

/**
 * How often, and for how long, one request is tried again when the connection fails or the CA is overloaded. A value:
 * immutable.
 *
 * @param retries most retries of one request after connection failures and HTTP 5xx; refused nonces do not count
 * @param firstDelay wait before the first retry; each further wait is twice as long
 * @param maxDelay longest wait between two tries when the CA does not ask for more, give or take a quarter so that clients
 *     do not come in step
 * @param patience longest time that all retries of one request may take, waits that the CA asks for
 *     ({@code Retry-After}) and refused nonces included; a CA that wants more makes the request fail at once
 */
public record RetryPolicy(int retries, Duration firstDelay, Duration maxDelay, Duration patience) {

    /** Four retries after 250 ms, 500 ms, 1 s, 2 s; never more than a minute in all. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(4, Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofMinutes(1));

    public RetryPolicy {
        if (retries < 0 || firstDelay.isNegative() || maxDelay.isNegative() || patience.isNegative()) {
            throw new IllegalArgumentException("nothing in a retry policy can be negative");
        }
    }
}
