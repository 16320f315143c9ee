package org.wucme.acme;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The moment by which something must be done, on a clock that never jumps.
 *
 * <p>Immutable and thread-safe, as far as its {@link Sleeper} is.
 */
public final class Deadline {

    private static final Duration FARTHEST = Duration.ofDays(36_500);

    private final Sleeper sleeper;
    private final long endNanos;

    private Deadline(Sleeper sleeper, long endNanos) {
        this.sleeper = sleeper;
        this.endNanos = endNanos;
    }

    /** A deadline that lies this far ahead on the given sleeper's clock; a hundred years at most. */
    public static Deadline after(Duration duration, Sleeper sleeper) {
        Duration ahead = duration.compareTo(FARTHEST) < 0 ? duration : FARTHEST;
        return new Deadline(sleeper, sleeper.nanoTime() + ahead.toNanos());
    }

    /** A deadline that lies this far ahead on the system's clock; a hundred years at most. */
    public static Deadline after(Duration duration) {
        return after(duration, Sleeper.SYSTEM);
    }

    /** The time left; negative once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(endNanos - sleeper.nanoTime());
    }

    /** Whether the moment has passed. */
    public boolean hasPassed() {
        return remaining().compareTo(Duration.ZERO) <= 0;
    }

    /**
     * Waits for the given time, but not past this deadline.
     *
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     */
    public void sleep(Duration duration) throws InterruptedIOException {
        Duration left = remaining();
        Duration wait = duration.compareTo(left) < 0 ? duration : left;
        if (wait.isNegative() || wait.isZero()) {
            return;
        }
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting");
        }
    }
}
