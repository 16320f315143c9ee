package org.wucme.acme;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.internal.text.Trace;

/** The answers of one order that can be seen at present, and the leases that are held meanwhile; closing takes them all away,
 * whatever happened. Thread-safe. */
final class Presentations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Presentations.class);

    private final List<Presented> all = new CopyOnWriteArrayList<>();
    private final List<Lease> leases = new CopyOnWriteArrayList<>();

    Presented add(Presented presented) {
        all.add(presented);
        return presented;
    }

    /** Holds a lease until all answers are taken away. */
    Lease until(Lease lease) {
        leases.add(lease);
        return lease;
    }

    /** Takes one answer away; does nothing if that was done before. */
    @SuppressWarnings("ReferenceEquality") // Two that are equal are two.
    void close(Presented presented) {
        if (all.removeIf(one -> one == presented)) {
            uninterrupted(() -> takeAway(presented));
        }
    }

    @Override
    public void close() {
        all.forEach(this::close);
        uninterrupted(() -> leases.forEach(Lease::close));
    }

    // Taking away may mean to wait, which an interrupted thread cannot.
    private static void uninterrupted(Runnable action) {
        boolean interrupted = Thread.interrupted();
        action.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void takeAway(Presented presented) {
        try {
            presented.close();
        } catch (IOException e) {
            // The certificate matters more than what is left behind, and the other answers must go too.
            LOG.warn("the answer to a challenge could not be taken away: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("unexpected error while the answer to a challenge was taken away", Trace.of(e));
        }
    }
}
