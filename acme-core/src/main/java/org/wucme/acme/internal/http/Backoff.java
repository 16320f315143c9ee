package org.wucme.acme.internal.http;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.wucme.acme.Deadline;
import org.wucme.acme.RetryPolicy;
import org.wucme.acme.Sleeper;

/** The retries of one request: how many are left, and how long to wait before the next. For one thread. */
public final class Backoff {

    private final RetryPolicy policy;
    private final RandomGenerator random;
    private final Deadline deadline;
    private int retries;

    /** The retries that a policy allows from now on. */
    public Backoff(RetryPolicy policy, Sleeper sleeper, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
        this.deadline = Deadline.after(policy.patience(), sleeper);
    }

    /** Whether another try is allowed after the wait that {@link #sleep()} makes. */
    public boolean allowsRetry() {
        return retries < policy.retries() && !deadline.hasPassed();
    }

    /** Whether there is time left to wait this long and try once more. */
    public boolean allowsWait(Duration wait) {
        return wait.compareTo(deadline.remaining()) < 0;
    }

    /** Waits before the next try: twice as long as before, give or take a quarter. */
    public void sleep() throws InterruptedIOException {
        sleep(Duration.ZERO);
    }

    /** As {@link #sleep()}, but at least as long as the CA asked for: one that asks for no wait is not flooded. */
    public void sleep(Duration asked) throws InterruptedIOException {
        Duration own = next();
        retries++;
        deadline.sleep(asked.compareTo(own) > 0 ? asked : own);
    }

    private Duration next() {
        Duration doubled = policy.firstDelay().multipliedBy(1L << Math.min(retries, 20));
        Duration wait = doubled.compareTo(policy.maxDelay()) < 0 ? doubled : policy.maxDelay();
        return Duration.ofNanos((long) (wait.toNanos() * random.nextDouble(0.75, 1.25)));
    }
}
