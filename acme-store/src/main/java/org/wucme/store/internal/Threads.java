package org.wucme.store.internal;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Threads of our own for work on many certificates, so that none of it runs in the application's common pool. */
public final class Threads {

    private static final int IDLE_SECONDS = 10;
    // Below, starting threads takes longer than the work.
    private static final int WORTH_THREADS = 16;

    private Threads() {}

    /** As many as there are processors, but at least two, since reading is mostly waiting. */
    public static int usualCount() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    /** A pool of daemon threads, which end when they have been idle for seconds. */
    public static ExecutorService pool(int size, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Applies a function to all items, to several at the same time if there are many.
     *
     * @return the results in the order of the items
     * @throws InterruptedIOException if this thread is interrupted; its flag stays set
     */
    public static <T, R> List<R> map(List<T> items, Function<T, R> function) throws InterruptedIOException {
        if (items.size() < WORTH_THREADS) {
            return items.stream().map(function).toList();
        }
        ExecutorService pool = pool(usualCount(), "wucme-store");
        try {
            List<Future<R>> futures = items.stream()
                    .map(item -> pool.submit(() -> function.apply(item)))
                    .toList();
            List<R> results = new ArrayList<>(items.size());
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the store was read");
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
