package org.wucme.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Something in the store is not what it should be, and needs a human. The message says what, where, and what to do; never
 * what is in a key.
 */
public final class StoreException extends IOException {

    /** With a message that an administrator understands, and what caused it, if anything did. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** With a message that an administrator understands. */
    public StoreException(String message) {
        this(message, null);
    }
}
