package org.wucme.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When something was done, for {@link Budgets}. Immutable.
 *
 * @param uses in their order
 */
public record UsageCounts(List<Instant> uses) {

    /** More than any limit of a CA that is shared; older ones are dropped. */
    private static final int MAX_USES = 10_000;

    /** Nothing yet. */
    public static final UsageCounts NONE = new UsageCounts(List.of());

    public UsageCounts {
        uses = uses.stream().sorted().toList();
    }

    /** After one more, without those that no longer count. One in the future was counted by a clock that was wrong. */
    public UsageCounts plus(Instant now, Duration period) {
        List<Instant> counted =
                Stream.concat(within(now, period).stream(), Stream.of(now)).toList();
        return new UsageCounts(counted.subList(Math.max(0, counted.size() - MAX_USES), counted.size()));
    }

    /** When fewer than the limit count; empty if that is so now. */
    public Optional<Instant> exhaustedUntil(int limit, Instant now, Duration period) {
        List<Instant> counted = within(now, period);
        return counted.size() < limit
                ? Optional.empty()
                : Optional.of(counted.get(counted.size() - limit).plus(period));
    }

    private List<Instant> within(Instant now, Duration period) {
        Instant begin = now.minus(period);
        return uses.stream()
                .filter(use -> use.isAfter(begin) && !use.isAfter(now))
                .toList();
    }
}
