package org.wucme.cli;

import java.io.PrintWriter;
import java.time.Instant;
import org.wucme.manage.Outcome;

/** Says in a line what became of a certificate. */
final class Outcomes {

    private Outcomes() {}

    static void print(Outcome outcome, PrintWriter out) {
        out.println(outcome.certificate().location() + ": " + describe(outcome));
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Outcome.Obtained obtained) {
            return "obtained for " + names(outcome) + ", valid until " + LogLine.time(endOf(obtained));
        }
        if (outcome instanceof Outcome.Current current) {
            return "nothing to do before " + LogLine.time(current.until());
        }
        if (outcome instanceof Outcome.Failed failed) {
            Instant next = failed.nextAttempt();
            return "failed: " + Errors.describe(failed.cause())
                    + (next == null ? "" : "; not tried again before " + LogLine.time(next));
        }
        return "needs help: " + ((Outcome.NeedsHelp) outcome).problem();
    }

    private static String names(Outcome outcome) {
        return String.join(
                ", ",
                outcome.certificate().identifiers().stream()
                        .map(Object::toString)
                        .toList());
    }

    private static Instant endOf(Outcome.Obtained obtained) {
        var chain = obtained.certificate().chain();
        return chain == null ? Instant.EPOCH : chain.leaf().getNotAfter().toInstant();
    }
}
