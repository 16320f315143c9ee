package org.wucme.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import org.wucme.acme.Identifier;
import org.wucme.manage.Outcome;

/** Says in a line what became of a certificate. */
final class Outcomes {

    private Outcomes() {}

    static void print(Outcome outcome, PrintWriter out) {
        out.println(outcome.certificate().location() + ": " + describe(outcome));
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Outcome.Obtained obtained) {
            return "obtained for " + names(outcome.certificate().identifiers()) + ", valid until "
                    + LocalMinute.of(endOf(obtained));
        }
        if (outcome instanceof Outcome.Current current) {
            return "nothing to do before " + LocalMinute.notBefore(current.until());
        }
        if (outcome instanceof Outcome.Failed failed) {
            Instant next = failed.nextAttempt();
            return "failed: " + Errors.describe(failed.cause())
                    + (next == null ? "" : "; not tried again before " + LocalMinute.notBefore(next));
        }
        return "needs help: " + ((Outcome.NeedsHelp) outcome).problem();
    }

    /** The names of a certificate, for a sentence. */
    static String names(Collection<Identifier> identifiers) {
        return identifiers.stream().map(Identifier::toString).collect(Collectors.joining(", "));
    }

    private static Instant endOf(Outcome.Obtained obtained) {
        return Objects.requireNonNull(obtained.certificate().notAfter(), "notAfter");
    }
}
