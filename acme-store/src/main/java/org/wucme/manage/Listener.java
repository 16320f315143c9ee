package org.wucme.manage;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Deadline;
import org.wucme.acme.internal.text.Trace;

/**
 * A listener on a thread of its own: one that throws is forgiven, one that blocks loses events but holds up nobody. Events
 * come in their order; before the first after a loss comes how many were lost.
 */
final class Listener implements Consumer<ManagerEvent>, AutoCloseable {

    static final int MOST_WAITING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final Consumer<ManagerEvent> target;
    private final ThreadPoolExecutor thread;
    private volatile @Nullable Thread teller;
    private long lost;

    Listener(Consumer<ManagerEvent> target) {
        this.target = target;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> teller = daemon(task, "certificate events"));
        this.thread.allowCoreThreadTimeOut(true);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void accept(ManagerEvent event) {
        long lostBefore = lost;
        try {
            thread.execute(() -> {
                if (lostBefore > 0) {
                    tell(new ManagerEvent.EventsLost(lostBefore));
                }
                tell(event);
            });
            lost = 0;
        } catch (RejectedExecutionException e) {
            lose();
        }
    }

    private void tell(ManagerEvent event) {
        try {
            target.accept(event);
        } catch (RuntimeException | Error e) {
            LOG.warn("a listener failed at {}", event.getClass().getSimpleName(), Trace.of(e));
        }
    }

    private void lose() {
        if (lost++ == 0 && !thread.isShutdown()) {
            LOG.warn("a listener is too slow, so that events are lost");
        }
    }

    /** Ends when what waits was told; does not wait for that. */
    @Override
    public void close() {
        thread.shutdown();
    }

    /** Waits until all was told, but not for ever; nor if it is the listener itself that closes its manager. */
    void awaitEnd(Deadline end) {
        if (Thread.currentThread() == teller) {
            return;
        }
        try {
            if (!thread.awaitTermination(end.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("a listener is left to itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
