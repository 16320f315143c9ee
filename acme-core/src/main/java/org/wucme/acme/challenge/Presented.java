package org.wucme.acme.challenge;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.wucme.acme.Deadline;

/** The answers to one challenge, or to a {@linkplain ChallengeGroups group}, that the CA can see until this is closed. */
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

    /**
     * What the CA is sent for one challenge of those that were presented together; by default {@link #response()}.
     *
     * @param challenge one of the group
     */
    default Map<String, Object> response(Challenge challenge) {
        return response();
    }

    /** Takes the answer away. Closing twice does no harm. */
    @Override
    void close() throws IOException;
}
