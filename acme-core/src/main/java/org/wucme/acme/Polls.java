package org.wucme.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The pauses between the polls of one wait: first short ones of our own, then as the CA asks. Not thread-safe. */
final class Polls {

    private final Timing timing;
    private final PollingPolicy policy;
    private final Deadline deadline;
    private Duration delay;
    // Most CAs are done in a moment, whatever they ask for: what they ask for counts from the second poll on.
    private @Nullable Instant retryAt;

    Polls(Timing timing, PollingPolicy policy) {
        this.timing = timing;
        this.policy = policy;
        this.deadline = timing.after(policy.timeout());
        this.delay = policy.firstDelay();
    }

    /**
     * Waits until the next poll.
     *
     * @param state what is waited for, and how it stands
     * @param orderUrl where the wait goes on if it ends here
     * @throws AcmeTimeoutException if the next poll would come too late
     */
    void pause(String state, String orderUrl, Answers answers) throws IOException {
        answers.requireHope();
        Duration asked = retryAt == null ? Duration.ZERO : Duration.between(timing.now(), retryAt);
        if (deadline.hasPassed() || asked.compareTo(deadline.remaining()) > 0) {
            String next = retryAt == null ? "" : ", and the CA wants to be asked again at " + retryAt;
            throw new AcmeTimeoutException(
                    "the CA was not done in time: " + state + next + answers.soFar(), orderUrl, retryAt);
        }
        // The CA sees the next poll that much later anyway.
        Duration own = jittered(delay).minus(timing.roundTrip().get());
        deadline.sleep(asked.compareTo(own) > 0 ? asked : own);
        answers.repeatFailed();
    }

    /** Notes when the CA wants to be polled again. */
    void seen(@Nullable Instant nextAt) {
        retryAt = nextAt;
        Duration next = Duration.ofNanos((long) (delay.toNanos() * policy.growth()));
        delay = next.compareTo(policy.maxDelay()) < 0 ? next : policy.maxDelay();
    }

    private Duration jittered(Duration time) {
        return Duration.ofNanos((long) (time.toNanos() * timing.random().nextDouble(0.8, 1.2)));
    }
}
