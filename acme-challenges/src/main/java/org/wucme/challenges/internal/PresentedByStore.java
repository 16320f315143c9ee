package org.wucme.challenges.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.wucme.acme.Deadline;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.challenge.Presented;

/** An answer that is presented here, and by all who read the store into which it was put. */
public final class PresentedByStore implements Presented {

    private final Presented here;
    private final PendingAnswer answer;
    private final ChallengeStore store;
    private final AtomicBoolean done = new AtomicBoolean();

    private PresentedByStore(Presented here, PendingAnswer answer, ChallengeStore store) {
        this.here = here;
        this.answer = answer;
        this.store = store;
    }

    /**
     * Presents an answer here and by a store.
     *
     * @throws IOException if it cannot be put there; then it is not presented here either
     */
    public static Presented present(Listener.Presentation presentation, PendingAnswer answer, ChallengeStore store)
            throws IOException {
        Presented here = presentation.present();
        boolean isPut = false;
        try {
            store.put(answer);
            isPut = true;
        } finally {
            if (!isPut) {
                here.close();
            }
        }
        return new PresentedByStore(here, answer, store);
    }

    @Override
    public void awaitVisible(Deadline deadline) throws IOException {
        here.awaitVisible(deadline);
    }

    @Override
    public void close() throws IOException {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        try {
            store.remove(answer);
        } finally {
            here.close();
        }
    }
}
