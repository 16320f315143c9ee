package org.wucme.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import org.wucme.acme.Identifier;
import org.wucme.manage.Outcome;
import org.wucme.store.StoredCertificate;

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
        String waysOut = waysOut(outcome.certificate());
        return "needs help: "
                + (waysOut.isEmpty() ? ((Outcome.NeedsHelp) outcome).problem() : "it was never issued" + waysOut);
    }

    /** What can be done about a certificate that was never issued, to be put behind a message; empty for any other. */
    static String waysOut(StoredCertificate stored) {
        return stored.chain() == null && stored.problem() == null ? waysOut(stored.name(), stored.identifiers()) : "";
    }

    private static String waysOut(String name, Collection<Identifier> identifiers) {
        String hosts = identifiers.stream().map(Identifier::value).collect(Collectors.joining(" "));
        return "; \"wucme issue " + hosts + "\" tries again, \"wucme forget " + name + "\" drops the request";
    }

    /** The names of a certificate, for a sentence. */
    static String names(Collection<Identifier> identifiers) {
        return identifiers.stream().map(Identifier::toString).collect(Collectors.joining(", "));
    }

    private static Instant endOf(Outcome.Obtained obtained) {
        return Objects.requireNonNull(obtained.certificate().notAfter(), "notAfter");
    }
}
