package org.wucme.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.wucme.acme.internal.http.Backoff;

/**
 * The clocks of a client, and how it waits.
 *
 * @param roundTrip how long a request to the CA takes at present
 * @param backoffs makes the pauses between one request and its repetitions
 */
record Timing(
        Clock clock,
        Sleeper sleeper,
        RandomGenerator random,
        Supplier<Duration> roundTrip,
        Supplier<Backoff> backoffs) {

    Instant now() {
        return clock.instant();
    }

    long nanoTime() {
        return sleeper.nanoTime();
    }

    Deadline after(Duration duration) {
        return Deadline.after(duration, sleeper);
    }

    Backoff newBackoff() {
        return backoffs.get();
    }
}
