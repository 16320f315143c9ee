package org.wucme.cli.doctor;

import java.time.Duration;
import org.wucme.acme.ClockDifference;
import org.wucme.cli.Span;

/** Whether this machine's clock agrees with the CA's. */
public final class Clocks {

    // Words are rounded down, and an answer is on its way for a moment: three days are not to be two.
    private static final Duration ROUNDING = Duration.ofSeconds(30);

    private Clocks() {}

    /** Compares the two. */
    public static Finding compare(ClockDifference difference) {
        Duration off = difference.ahead();
        if (difference.isAgreement()) {
            return Finding.ok("clock", "it agrees with the CA's");
        }
        String text = "it is " + Span.words(off.abs().plus(ROUNDING)) + " " + (off.isNegative() ? "behind" : "ahead of")
                + " the CA's: certificates may look expired, or not valid yet";
        return difference.isHarmful() ? Finding.problem("clock", text) : Finding.warning("clock", text);
    }
}
