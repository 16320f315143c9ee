package org.wucme.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.wucme.acme.IssuanceEvent;

/** Shows a person each step of an issuance as it happens. Thread-safe. */
final class Progress implements Consumer<IssuanceEvent> {

    private final PrintWriter out;
    private int asked;
    private int started;
    private int validated;

    Progress(PrintWriter out) {
        this.out = out;
    }

    // One at a time, so that the counts stand in their order.
    @Override
    public synchronized void accept(IssuanceEvent event) {
        if (event instanceof IssuanceEvent.OrderCreated created) {
            asked = created.order().identifiers().size();
            started = 0;
            validated = 0;
            show("order created: " + created.order().url());
        } else if (event instanceof IssuanceEvent.ChallengeStarted challenge) {
            show(++started + " of " + asked + " names presented (" + challenge.identifier()
                    + "), waiting for the CA to validate");
        } else if (event instanceof IssuanceEvent.ChallengeRefused refused) {
            show("validation of " + refused.identifier() + " failed ("
                    + (refused.refusals() == 1 ? "first attempt" : "attempt " + refused.refusals()) + "): the CA says: "
                    + refused.problem().describe() + "; the CA is asked to try again");
        } else if (event instanceof IssuanceEvent.IdentifierValidated name) {
            show(++validated + " of " + asked + " names validated (" + name.identifier() + ")");
        } else if (event instanceof IssuanceEvent.OrderFinalized) {
            show("certificate requested, waiting for the CA to issue it");
        }
    }

    private void show(String step) {
        out.println("  " + step);
    }
}
