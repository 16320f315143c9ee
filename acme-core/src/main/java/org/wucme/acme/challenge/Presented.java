package org.wucme.acme.challenge;

import java.io.Closeable;
import java.io.IOException;
import org.wucme.acme.Deadline;

/** An answer that the CA can see until this is closed. */
public interface Presented extends Closeable {

    /**
     * Waits until the answer can be seen from outside; may take minutes (DNS).
     *
     * @throws IOException if it did not become visible in time
     */
    default void awaitVisible(Deadline deadline) throws IOException {}

    /** Takes the answer away. Closing twice does no harm. */
    @Override
    void close() throws IOException;
}
