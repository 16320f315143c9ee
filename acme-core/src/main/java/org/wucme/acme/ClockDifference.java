package org.wucme.acme;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * This machine's clock and the CA's at the same moment, as far as the network lets one know. A value: immutable.
 *
 * @param ours what this machine's clock says
 * @param theirs what the CA's clock says, by the {@code Date} header of a reply (RFC 9110 section 6.6.1), which has whole seconds
 */
public record ClockDifference(Instant ours, Instant theirs) {

    /**
     * The largest difference that is good for an order by default: two days. A certificate that begins up to two days later is
     * accepted, and a mistaken time zone is less; with more, certificates would look expired or due when they are issued.
     */
    public static final Duration ACCEPTED = Duration.ofDays(2);

    // A certificate begins an hour before it is issued at many CAs.
    private static final Duration NOTABLE = Duration.ofMinutes(30);
    // What the network and the whole seconds may take.
    private static final Duration UNNOTICED = Duration.ofMinutes(1);

    /** How far this machine's clock is ahead; negative if it is behind. */
    public Duration ahead() {
        return Duration.between(theirs, ours);
    }

    /** Whether they agree, but for what the network takes. */
    public boolean isAgreement() {
        return isAtMost(UNNOTICED);
    }

    /** Whether certificates may look as if they were not valid yet, or no longer. */
    public boolean isHarmful() {
        return !isAtMost(NOTABLE);
    }

    /** Whether the difference is not larger than this, in either direction. */
    public boolean isAtMost(Duration limit) {
        return ahead().abs().compareTo(limit) <= 0;
    }

    /** Both times, in UTC. */
    String describe() {
        return "the CA's clock says " + theirs.truncatedTo(ChronoUnit.SECONDS)
                + "; is this machine's clock right? It says " + ours.truncatedTo(ChronoUnit.SECONDS);
    }
}
