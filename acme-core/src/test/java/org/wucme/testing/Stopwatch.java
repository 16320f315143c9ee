package org.wucme.testing;

import java.time.Duration;
import java.util.Arrays;

/** How long something takes on a machine that others use, too. */
public final class Stopwatch {

    private static final int TRIES = 12;

    /** What is measured. */
    public interface Step {
        void run() throws Exception;
    }

    private Stopwatch() {}

    /** The time that a quarter of the tries keep: those that no other program disturbed. */
    public static Duration undisturbed(Step step) throws Exception {
        Duration[] times = new Duration[TRIES];
        for (int i = 0; i < TRIES; i++) {
            long begin = System.nanoTime();
            step.run();
            times[i] = Duration.ofNanos(System.nanoTime() - begin);
        }
        Arrays.sort(times);
        return times[TRIES / 4];
    }
}
