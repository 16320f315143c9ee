package org.wucme.testing.ca;

import java.time.Duration;

/** How a CA waits before it answers ({@link TestCa#latency}, {@link Fault#delay}), for tests with a clock of their own. */
@FunctionalInterface
public interface Sleeper {

    /** Waits for a time that is longer than zero. */
    void sleep(Duration duration) throws InterruptedException;
}
