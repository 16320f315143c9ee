package org.wucme.tls;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks again and again, with a pause between, in a daemon thread of its own. */
final class Watcher implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable look;
    private final Duration pause;
    private final Thread thread;

    /** Does not look yet; what it does must not throw. */
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
                look.run();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, and the thread ends here.
            Thread.currentThread().interrupt();
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
