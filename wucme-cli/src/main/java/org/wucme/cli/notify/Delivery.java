package org.wucme.cli.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;

/**
 * Brings notices to one target, in their order, on a thread of its own: one that is down gets them when it is back. What
 * waits is kept in memory only, and ends with the process. Thread-safe.
 */
final class Delivery {

    static final int MOST_WAITING = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Target target;
    private final Pauses pauses;
    private final RateLimit limit;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Notice> waiting = new ArrayDeque<>();
    private boolean isClosing;

    private Delivery(Target target, Pauses pauses, RateLimit limit) {
        this.target = target;
        this.pauses = pauses;
        this.limit = limit;
        this.thread = new Thread(this::run, "notices to " + target);
        thread.setDaemon(true);
    }

    static Delivery start(Target target, Pauses pauses, RateLimit limit) {
        Delivery delivery = new Delivery(target, pauses, limit);
        delivery.thread.start();
        return delivery;
    }

    /** Takes a notice up, unless that is too much for the target. Never waits for the target. */
    void offer(Notice notice) {
        lock.lock();
        try {
            if (!isClosing) {
                limit.admit(notice).ifPresent(this::enqueue);
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Notice notice) {
        waiting.addLast(notice);
        if (waiting.size() > MOST_WAITING) {
            dropOne();
        }
        changed.signalAll();
    }

    // The oldest; an alarm only where there is nothing but alarms.
    private void dropOne() {
        Notice least = waiting.stream()
                .filter(notice -> notice.severity() != Notice.Severity.ALARM)
                .findFirst()
                .orElseGet(waiting::getFirst);
        waiting.remove(least);
        LOG.warn("{} is never told, as too many notices wait: {}", target, least.subject());
    }

    /** Takes nothing more up; what waits is tried once more, without pauses. */
    void beginClosing() {
        lock.lock();
        try {
            isClosing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends, at the latest after a time. */
    void close(Duration moment) {
        beginClosing();
        try {
            thread.join(Math.max(1, moment.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            thread.interrupt();
            LOG.warn("{} does not answer, and is not told what waits for it", target);
        }
        target.close();
    }

    private void run() {
        try {
            for (Notice notice = next(); notice != null; notice = next()) {
                deliver(notice);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: {}", target);
        }
    }

    private @Nullable Notice next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !isClosing) {
                changed.await();
            }
            return waiting.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Notice notice) throws InterruptedException {
        Duration pause = pauses.first();
        Duration waited = Duration.ZERO;
        while (!isDone(notice)) {
            if (isClosing()) {
                LOG.warn("{} is never told: {}", target, notice.subject());
                return;
            }
            if (waited.compareTo(pauses.patience()) > 0) {
                LOG.warn("{} is given up for this notice: {}", target, notice.subject());
                return;
            }
            pause(pause);
            waited = waited.plus(pause);
            pause = pauses.after(pause);
        }
    }

    private boolean isDone(Notice notice) {
        try {
            String answer = target.send(notice);
            LOG.info("told {}: {}: {}", target, notice.subject(), OneLine.of(answer));
            return true;
        } catch (RefusedException e) {
            LOG.warn("{} refuses a notice: {}", target, said(e));
            return true;
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("{} could not be told: {}", target, said(e));
            LOG.debug("that is", Trace.of(e));
            return false;
        }
    }

    private static String said(Throwable e) {
        return OneLine.of(e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString());
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return isClosing;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = pause.toNanos();
            while (left > 0 && !isClosing) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
