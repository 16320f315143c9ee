package org.wucme.cli.notify;

import java.io.IOException;
import java.util.Optional;

/** Where notices go. */
public interface Target extends AutoCloseable {

    /**
     * Tells one notice, within a minute or so.
     *
     * @return what the receiver said, in one line
     * @throws RefusedException if the receiver will not take it, however often it is tried
     * @throws IOException if it was not told; the message says why, without naming the target again
     */
    String send(Notice notice) throws IOException;

    /** Why notices will not arrive, or not as they are meant to, as far as that is known before; empty if all seems well. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Ends what is kept open between notices. */
    @Override
    default void close() {}

    /** Its name for a log: without a password, and without a URL that is a secret. */
    @Override
    String toString();
}
