package org.wucme.testing.ca;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets requests go on in rounds: those that arrive side by side wait for one another. A round ends when none has arrived for
 * some time in which this process, where the client is too, had nothing to do: on a busy machine a client takes longer from
 * one request to the next, but it uses the processor. Thread-safe.
 */
final class Rounds {

    private static final int SLICES = 5;
    private static final int MOST_SLICES = 400;
    private static final int IDLE_PART = 16;
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private long round;
    private long arrivals;
    private boolean isWatched;

    /** Waits for the end of the round that is under way. */
    synchronized void await(Duration quiet) throws InterruptedException {
        arrivals++;
        if (quiet.isZero()) {
            return;
        }
        if (isWatched) {
            awaitEnd();
            return;
        }
        isWatched = true;
        try {
            awaitQuiet(quiet.dividedBy(SLICES));
        } finally {
            isWatched = false;
            round++;
            notifyAll();
        }
    }

    private void awaitEnd() throws InterruptedException {
        long mine = round;
        while (mine == round) {
            wait();
        }
    }

    // In slices, so that a pause of the whole process counts as one of them, however long it is.
    private void awaitQuiet(Duration slice) throws InterruptedException {
        int quiet = 0;
        for (int i = 0; i < MOST_SLICES && quiet < SLICES; i++) {
            long arrivalsBefore = arrivals;
            long usedBefore = PROCESS.getProcessCpuTime();
            TimeUnit.NANOSECONDS.timedWait(this, slice.toNanos());
            boolean isIdle = PROCESS.getProcessCpuTime() - usedBefore < slice.toNanos() / IDLE_PART;
            quiet = isIdle && arrivals == arrivalsBefore ? quiet + 1 : 0;
        }
    }
}
