package org.wucme.challenges.internal;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of daemon threads for connections from strangers. Each piece of work has limited time, so that slow or
 * silent clients cannot hold a thread.
 */
public final class Workers implements AutoCloseable {

    // A CA asks from several places at once for each of up to 100 names: those may wait, but must not be turned away.
    private static final int MAX_WAITING = 2000;
    private static final int MAX_THREADS = 32;
    private static final long IDLE_SECONDS = 5;

    private final Duration limit;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;

    /** With the name of its threads, and the time that each piece of work has once it runs. */
    public Workers(String name, Duration limit) {
        this.limit = limit;
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
        timer = new ScheduledThreadPoolExecutor(1, daemons);
        timer.setRemoveOnCancelPolicy(true);
        BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
        threads = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, waiting, daemons) {
            @Override
            protected void terminated() {
                timer.shutdown();
            }
        };
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs work on one of the threads.
     *
     * @param onLate called once if the work takes too long; makes it end
     * @throws RejectedExecutionException if too much is waiting already, or this is closed
     */
    public void execute(Runnable work, Runnable onLate) {
        threads.execute(() -> {
            Future<?> alarm = timer.schedule(onLate, limit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                work.run();
            } finally {
                alarm.cancel(false);
            }
        });
    }

    /** Runs what it is given on these threads, and interrupts it when it takes too long. */
    public Executor interrupting() {
        return work -> {
            FutureTask<@Nullable Void> task = new FutureTask<>(work, null);
            execute(task, () -> task.cancel(true));
        };
    }

    /** Takes no more work; what was taken is finished in its time. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
