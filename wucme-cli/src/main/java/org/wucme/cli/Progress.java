package org.wucme.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.IssuanceEvent;

/** Shows a person each step of an issuance as it happens. Thread-safe. */
final class Progress implements Consumer<IssuanceEvent> {

    /** Shows nothing. */
    static final Progress NONE = new Progress(null);

    private final @Nullable PrintWriter out;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger validated = new AtomicInteger();

    private Progress(@Nullable PrintWriter out) {
        this.out = out;
    }

    /** Shows the steps on a terminal. */
    static Progress on(PrintWriter out) {
        return new Progress(out);
    }

    @Override
    public void accept(IssuanceEvent event) {
        if (event instanceof IssuanceEvent.OrderCreated created) {
            asked.set(created.order().identifiers().size());
            started.set(0);
            validated.set(0);
            show("order created: " + created.order().url());
        } else if (event instanceof IssuanceEvent.ChallengeStarted challenge) {
            show(started.incrementAndGet() + " of " + asked + " names presented (" + challenge.identifier()
                    + "), waiting for the CA to validate");
        } else if (event instanceof IssuanceEvent.IdentifierValidated name) {
            show(validated.incrementAndGet() + " of " + asked + " names validated (" + name.identifier() + ")");
        } else if (event instanceof IssuanceEvent.OrderFinalized) {
            show("certificate requested, waiting for the CA to issue it");
        }
    }

    private void show(String step) {
        if (out != null) {
            out.println("  " + step);
        }
    }
}
