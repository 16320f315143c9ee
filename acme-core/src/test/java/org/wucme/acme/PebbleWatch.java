package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.wucme.testing.Pebble;

/** Repeats work at a {@link Pebble} that got stuck, which 2.10 does rarely when its requests are parallel. */
final class PebbleWatch {

    private static final int MOST_RESTARTS = 2;

    private PebbleWatch() {}

    /** Does the work, from its beginning at a restarted Pebble whenever it is not done by the deadline. */
    static <T> T watch(Pebble pebble, String what, Duration deadline, Callable<T> work) throws Exception {
        for (int restarts = 0; ; restarts++) {
            pebble.clearRequests();
            try {
                return withinDeadline(deadline, work);
            } catch (TimeoutException e) {
                if (restarts == MOST_RESTARTS) {
                    throw e;
                }
                System.out.println(what + ": Pebble answers nothing more; restarted, and once again");
                pebble.restart();
            }
        }
    }

    private static <T> T withinDeadline(Duration deadline, Callable<T> work) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<T> done = thread.submit(work);
        try {
            return done.get(deadline.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            thread.shutdownNow();
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
