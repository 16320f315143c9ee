package org.wucme.testing.ca;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The faults that wait for a request, first come first served. */
final class Faults {
    private final Map<Endpoint, Deque<Planned>> planned = new EnumMap<>(Endpoint.class);

    private record Planned(Fault fault, int times) {}

    synchronized void plan(Endpoint endpoint, Fault fault, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault happens at least once, not " + times + " times");
        }
        planned.computeIfAbsent(endpoint, key -> new ArrayDeque<>()).add(new Planned(fault, times));
    }

    synchronized Optional<Fault> next(Endpoint endpoint) {
        Deque<Planned> queue = planned.get(endpoint);
        if (queue == null || queue.isEmpty()) {
            return Optional.empty();
        }
        Planned first = queue.remove();
        if (first.times > 1) {
            queue.addFirst(new Planned(first.fault, first.times - 1));
        }
        return Optional.of(first.fault);
    }

    synchronized void clear() {
        planned.clear();
    }
}
