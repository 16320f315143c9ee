package org.wucme.store.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.wucme.store.Budgets;
import org.wucme.store.UsageCounts;

/** The budgets of a {@link MemoryStore}. */
record MemoryBudgets(MemoryData data, Clock clock) implements Budgets {

    @Override
    public Optional<Instant> take(String budget, int limit, Duration period) {
        synchronized (data) {
            Optional<Instant> exhausted = exhaustedUntil(budget, limit, period);
            if (exhausted.isEmpty()) {
                add(budget, period);
            }
            return exhausted;
        }
    }

    @Override
    public void add(String budget, Duration period) {
        synchronized (data) {
            data.budgets.put(budget, counts(budget).plus(clock.instant(), period));
        }
    }

    @Override
    public Optional<Instant> exhaustedUntil(String budget, int limit, Duration period) {
        synchronized (data) {
            return counts(budget).exhaustedUntil(limit, clock.instant(), period);
        }
    }

    private UsageCounts counts(String budget) {
        return data.budgets.getOrDefault(budget, UsageCounts.NONE);
    }
}
