package org.wucme.challenges.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.acme.internal.text.Trace;

/**
 * A few daemon threads for the work of unauthenticated clients, who take turns. Each piece of work is interrupted when it
 * takes too long; what it throws is logged. Thread-safe.
 */
public final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    // As many as connections, and those of clients that have gone since.
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_THREADS = 8;
    private static final long IDLE_SECONDS = 5;

    private final ThrottledLog failures = new ThrottledLog(LOG, Level.ERROR, 1);
    private final String name;
    private final Duration limit;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Deque<Runnable>> waiting = new LinkedHashMap<>();

    /** With the name of its threads, and the time that each piece of work has once it runs. */
    public Workers(String name, Duration limit) {
        this.name = name;
        this.limit = limit;
        ThreadFactory daemons = work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
        timer = new ScheduledThreadPoolExecutor(1, daemons);
        timer.setRemoveOnCancelPolicy(true);
        BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>(MAX_WAITING);
        threads = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, turns, daemons) {
            @Override
            protected void terminated() {
                timer.shutdown();
            }
        };
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs work on one of the threads when it is the client's turn.
     *
     * @throws RejectedExecutionException if too much is waiting already, or this is closed
     */
    public void execute(String client, Runnable work) {
        synchronized (waiting) {
            // The turn is another's, perhaps: it takes what is next when a thread is free.
            threads.execute(() -> runInTime(next()));
            waiting.computeIfAbsent(client, first -> new ArrayDeque<>()).push(work);
        }
    }

    /** The youngest work of the client whose turn it is: that client is the likeliest to be there still. */
    private Runnable next() {
        synchronized (waiting) {
            Iterator<Map.Entry<String, Deque<Runnable>>> clients =
                    waiting.entrySet().iterator();
            Map.Entry<String, Deque<Runnable>> client = clients.next();
            clients.remove();
            Runnable work = client.getValue().pop();
            if (!client.getValue().isEmpty()) {
                waiting.put(client.getKey(), client.getValue());
            }
            return work;
        }
    }

    private void runInTime(Runnable work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(work, null) {
            @Override
            protected void setException(Throwable unexpected) {
                failures.log("unexpected error in {}", name, Trace.of(unexpected));
            }
        };
        Future<?> alarm = timer.schedule(() -> task.cancel(true), limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            task.run();
        } finally {
            alarm.cancel(false);
        }
    }

    /** Takes no more work; what was taken is finished in its time. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
