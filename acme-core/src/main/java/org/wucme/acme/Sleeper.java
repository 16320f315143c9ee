package org.wucme.acme;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a client waits. Replaceable, so that a test of ninety days takes a millisecond. Thread-safe. */
public interface Sleeper {

    /** Sleeps on the real clock. */
    Sleeper SYSTEM = duration -> TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(duration));

    /** Waits for the given time; returns at once if it is zero or negative. */
    void sleep(Duration duration) throws InterruptedException;

    /** Nanoseconds since some fixed moment; grows with what {@link #sleep} waited. Not the time of day. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
