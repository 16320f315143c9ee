package org.wucme.cli.doctor;

import java.time.Duration;
import java.time.Instant;
import org.wucme.cli.Span;

/** Whether this machine's clock agrees with the CA's. */
public final class Clocks {

    // A certificate begins an hour before it is issued at many CAs; a second is what the network may take.
    private static final Duration HARMLESS = Duration.ofMinutes(1);
    private static final Duration BAD = Duration.ofMinutes(30);
    // Words are rounded down, and an answer is on its way for a moment: three days are not to be two.
    private static final Duration ROUNDING = Duration.ofSeconds(30);

    private Clocks() {}

    /** Compares the two, as told at the same moment. */
    public static Finding compare(Instant ours, Instant theirs) {
        Duration off = Duration.between(theirs, ours);
        if (off.abs().compareTo(HARMLESS) <= 0) {
            return Finding.ok("clock", "it agrees with the CA's");
        }
        String text = "it is " + Span.words(off.abs().plus(ROUNDING)) + " " + (off.isNegative() ? "behind" : "ahead of")
                + " the CA's: certificates may look expired, or not valid yet";
        return off.abs().compareTo(BAD) < 0 ? Finding.warning("clock", text) : Finding.problem("clock", text);
    }
}
