package org.wucme.testing.ca;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets requests go on in rounds: those that arrive side by side wait for one another, until none has arrived for some time.
 * So a client on a busy machine has this time for each next request, not for all of a round together. Thread-safe.
 */
final class Rounds {
    private long round;
    private long lastArrivalNanos;

    /** Waits for the end of the round that is under way. */
    synchronized void await(Duration quiet) throws InterruptedException {
        long mine = round;
        lastArrivalNanos = System.nanoTime();
        while (mine == round) {
            long left = quiet.toNanos() - (System.nanoTime() - lastArrivalNanos);
            if (left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } else {
                round++;
                notifyAll();
            }
        }
    }
}
