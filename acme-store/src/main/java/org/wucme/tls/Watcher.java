package org.wucme.tls;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;

/** Looks again and again, with a pause between, in a daemon thread of its own. */
final class Watcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable look;
    private final Duration pause;
    private final StateChanges states = new StateChanges();
    private final Thread thread;

    /** Does not look yet. What it does is repeated even if it throws; an error is logged once, until it succeeds again. */
    Watcher(Runnable look, Duration pause) {
        this.look = look;
        this.pause = pause;
        this.thread = new Thread(this::run, "wucme-certificates");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                lookOnce();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, and the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    // Whatever is wrong now may be right the next time.
    private void lookOnce() {
        try {
            look.run();
            states.becomesRight("");
        } catch (RuntimeException | Error e) {
            if (states.becomesWrong("", OneLine.of(e.toString()))) {
                LOG.error("unexpected error while changes of certificates were looked for; going on", Trace.of(e));
            }
        }
    }

    /** Ends it; what it is reading is not read to its end. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
