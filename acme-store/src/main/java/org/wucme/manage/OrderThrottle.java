package org.wucme.manage;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.wucme.acme.Ca;
import org.wucme.acme.OrderRate;
import org.wucme.acme.Sleeper;

/** Keeps a manager from flooding a CA with orders. Thread-safe. */
final class OrderThrottle {

    private final Sleeper sleeper;
    private final Map<String, OrderRate> rates;
    private final Map<String, Deque<Long>> turns = new HashMap<>();

    /**
     * A throttle for all CAs.
     *
     * @param rates by the directory URLs of CAs; for all others, that of {@link Ca#orderRate}
     */
    OrderThrottle(Sleeper sleeper, Map<String, OrderRate> rates) {
        this.sleeper = sleeper;
        this.rates = Map.copyOf(rates);
    }

    /** Takes the next turn to order at a CA, and says how long it is until then. */
    Duration takeTurn(Ca ca) {
        OrderRate rate = rates.getOrDefault(ca.directoryUrl(), ca.orderRate());
        return Duration.ofNanos(takeTurn(ca.directoryUrl(), rate));
    }

    /** Waits for a turn that was taken. */
    void await(Duration wait, Ca ca) throws InterruptedIOException {
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a turn at " + ca.directoryUrl());
        }
    }

    private synchronized long takeTurn(String directoryUrl, OrderRate rate) {
        long now = sleeper.nanoTime();
        Deque<Long> latest = turns.computeIfAbsent(directoryUrl, unused -> new ArrayDeque<>());
        long turn = latest.size() < rate.orders()
                ? now
                : Math.max(now, latest.removeFirst() + rate.period().toNanos());
        latest.addLast(turn);
        return turn - now;
    }
}
