package org.wucme.manage;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener on a thread of its own: one that throws is forgiven, one that blocks loses events but holds up nobody. Events
 * come in their order.
 */
final class Listener implements Consumer<ManagerEvent>, AutoCloseable {

    static final int MOST_WAITING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final Consumer<ManagerEvent> target;
    private final ThreadPoolExecutor thread;
    private final AtomicLong lost = new AtomicLong();

    Listener(Consumer<ManagerEvent> target) {
        this.target = target;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> daemon(task, "certificate events"),
                (task, executor) -> lose());
        this.thread.allowCoreThreadTimeOut(true);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void accept(ManagerEvent event) {
        thread.execute(() -> tell(event));
    }

    /** How many events were not told. */
    long lost() {
        return lost.get();
    }

    private void tell(ManagerEvent event) {
        try {
            target.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("a listener failed at {}", event.getClass().getSimpleName(), e);
        }
    }

    private void lose() {
        if (lost.getAndIncrement() == 0) {
            LOG.warn("a listener is too slow, so that events are lost");
        }
    }

    /** Ends when what waits was told; does not wait for that. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
