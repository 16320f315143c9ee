package org.wucme.cli.notify;

import java.time.Duration;

/**
 * How long to wait for a receiver that cannot be reached.
 *
 * @param first after the first failure; each further pause is twice as long
 * @param longest no pause is longer
 * @param patience when that much was waited for one notice, it is given up
 * @param last for all of them together, at the end
 */
record Pauses(Duration first, Duration longest, Duration patience, Duration last) {

    static final Pauses USUAL =
            new Pauses(Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofDays(1), Duration.ofSeconds(5));

    /** For a command that ends: who is told can be waited for longer, since nobody is told later. */
    static final Pauses BEFORE_THE_END =
            new Pauses(USUAL.first(), USUAL.longest(), USUAL.patience(), Duration.ofSeconds(30));

    Duration after(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(longest) < 0 ? twice : longest;
    }
}
