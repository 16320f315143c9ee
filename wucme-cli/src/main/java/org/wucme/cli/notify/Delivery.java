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
 * waits is kept in an {@link Outbox}, where the next process finds it. Thread-safe.
 */
final class Delivery {

    static final int MOST_WAITING = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Target target;
    private final String name;
    private final Pauses pauses;
    private final ToldFile told;
    private final Outbox outbox;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Outbox.Entry> waiting = new ArrayDeque<>();
    private boolean isClosing;

    private Delivery(Target target, String name, Pauses pauses, ToldFile told, Outbox outbox) {
        this.target = target;
        this.name = name;
        this.pauses = pauses;
        this.told = told;
        this.outbox = outbox;
        this.waiting.addAll(outbox.waitingFor(name));
        this.thread = new Thread(this::run, "notices to " + target);
        thread.setDaemon(true);
    }

    /**
     * Starts with the pending notices of the outbox.
     *
     * @param name what the target is called there, and in what was told
     */
    static Delivery start(Target target, String name, Pauses pauses, ToldFile told, Outbox outbox) {
        Delivery delivery = new Delivery(target, name, pauses, told, outbox);
        delivery.thread.start();
        return delivery;
    }

    /** Takes a notice up, unless that is too much for the target. Never waits for the target. */
    void offer(Notice notice) {
        lock.lock();
        try {
            if (!isClosing) {
                told.admit(name, notice).ifPresent(this::enqueue);
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Notice notice) {
        waiting.addLast(outbox.add(name, notice));
        if (waiting.size() > MOST_WAITING) {
            dropOne();
        }
        changed.signalAll();
    }

    // The oldest; an alarm only where there is nothing but alarms.
    private void dropOne() {
        Outbox.Entry least = waiting.stream()
                .filter(entry -> entry.notice().severity() != Notice.Severity.ALARM)
                .findFirst()
                .orElseGet(waiting::getFirst);
        waiting.remove(least);
        outbox.remove(least);
        LOG.warn(
                "queue full, dropped a notice to {}: {}", target, least.notice().subject());
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
            LOG.warn("{} does not answer; what waits for it is {}", target, fate());
        }
        target.close();
    }

    private void run() {
        try {
            for (Outbox.Entry entry = next(); entry != null; entry = next()) {
                deliver(entry);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: {}", target);
        }
    }

    private Outbox.@Nullable Entry next() throws InterruptedException {
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

    private void deliver(Outbox.Entry entry) throws InterruptedException {
        if (isGoneOrGivenUp(entry.notice())) {
            outbox.remove(entry);
        }
    }

    private String fate() {
        return outbox.isKept() ? "left to the next process" : "lost";
    }

    /** Tries until there is nothing more to do; false if it is left to the next process. */
    private boolean isGoneOrGivenUp(Notice notice) throws InterruptedException {
        Duration pause = pauses.first();
        Duration waited = Duration.ZERO;
        while (!isDone(notice)) {
            if (isClosing()) {
                LOG.warn("not delivered to {}, and {}: {}", target, fate(), notice.subject());
                return false;
            }
            if (waited.compareTo(pauses.patience()) > 0) {
                LOG.warn("{} is given up for this notice: {}", target, notice.subject());
                return true;
            }
            pause(pause);
            waited = waited.plus(pause);
            pause = pauses.after(pause);
        }
        return true;
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
