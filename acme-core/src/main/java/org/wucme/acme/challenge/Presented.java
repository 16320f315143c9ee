package org.wucme.acme.challenge;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.wucme.acme.Deadline;

/** An answer that the CA can see until this is closed. */
public interface Presented extends Closeable {

    /**
     * Waits until the answer can be seen from outside; may take minutes (DNS).
     *
     * @throws IOException if it did not become visible in time
     */
    default void awaitVisible(Deadline deadline) throws IOException {}

    /**
     * What the CA is sent to say that the answer can be seen, asked for after {@link #awaitVisible}: the members of a JSON
     * object. It is empty (RFC 8555 section 7.5.1) but for types that carry their answer in it, as {@link DeviceAttest01}
     * does.
     */
    default Map<String, Object> response() {
        return Map.of();
    }

    /** Takes the answer away. Closing twice does no harm. */
    @Override
    void close() throws IOException;
}
