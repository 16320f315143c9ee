package org.wucme.manage;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.wucme.acme.Sleeper;

/** Keeps a manager from flooding a CA: at most ten orders in ten seconds at each. Thread-safe. */
final class OrderThrottle {

    static final int ORDERS = 10;
    static final Duration PERIOD = Duration.ofSeconds(10);

    private final Sleeper sleeper;
    private final Map<String, Deque<Long>> turns = new HashMap<>();

    OrderThrottle(Sleeper sleeper) {
        this.sleeper = sleeper;
    }

    /** Returns when the next order may be made. */
    void awaitTurn(String directoryUrl) throws InterruptedIOException {
        Duration wait = Duration.ofNanos(takeTurn(directoryUrl));
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a turn at " + directoryUrl);
        }
    }

    private synchronized long takeTurn(String directoryUrl) {
        long now = sleeper.nanoTime();
        Deque<Long> latest = turns.computeIfAbsent(directoryUrl, unused -> new ArrayDeque<>());
        long turn = latest.size() < ORDERS ? now : Math.max(now, latest.removeFirst() + PERIOD.toNanos());
        latest.addLast(turn);
        return turn - now;
    }
}
