package org.wucme.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does the same for several items at once, each in a thread of its own, and comes back when all have ended. */
final class Parallel {

    private Parallel() {}

    /** What is done for one item; ends soon once its thread is interrupted. */
    interface Action<T> {
        void run(T item) throws IOException;
    }

    /**
     * Runs the action for every item. When one fails, the others are interrupted, and the first failure is thrown once all
     * have ended.
     *
     * @throws InterruptedIOException if this thread is interrupted; its flag stays set
     */
    static <T> void forEach(List<T> items, Action<T> action) throws IOException {
        if (items.size() == 1) {
            action.run(items.get(0));
            return;
        }
        run(items, action, ExecutorCompletionService::take);
    }

    /**
     * Runs the action for every item as {@link #forEach} does, but not for longer than the limit: what then has not ended is
     * interrupted.
     *
     * @throws InterruptedIOException if this thread is interrupted; its flag stays set
     */
    static <T> void forEachWithin(Duration limit, List<T> items, Action<T> action) throws IOException {
        Deadline deadline = Deadline.after(limit);
        run(items, action, tasks -> {
            Future<Void> ended = tasks.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            if (ended == null) {
                throw new AcmeException("not all was done within " + limit.toSeconds() + " seconds");
            }
            return ended;
        });
    }

    private static <T> void run(List<T> items, Action<T> action, Wait wait) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool(Parallel::daemon);
        try {
            ExecutorCompletionService<Void> tasks = new ExecutorCompletionService<>(threads);
            for (T item : items) {
                tasks.submit(() -> {
                    action.run(item);
                    return null;
                });
            }
            for (int i = 0; i < items.size(); i++) {
                wait.next(tasks).get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while work was in progress");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            threads.shutdownNow();
            awaitEnd(threads);
        }
    }

    private interface Wait {
        Future<Void> next(ExecutorCompletionService<Void> tasks) throws InterruptedException, AcmeException;
    }

    /** A thread that is not started yet. */
    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "acme-" + Thread.currentThread().getName());
        thread.setDaemon(true);
        return thread;
    }

    private static IOException rethrown(@Nullable Throwable failure) {
        if (failure instanceof IOException io) {
            return io;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(failure);
    }

    // Nothing of it may go on behind the caller's back, so an interrupt does not end this wait either.
    private static void awaitEnd(ExecutorService threads) {
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
