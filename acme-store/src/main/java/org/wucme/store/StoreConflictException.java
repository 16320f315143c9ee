package org.wucme.store;

import java.io.IOException;

/**
 * Another thread, process or node was faster: the part has changed since it was read, belongs to another certificate now, or
 * the lease under which it was to be written is lost. Nothing was changed. Read again, and decide anew.
 */
public final class StoreConflictException extends IOException {

    /** With a message that an administrator understands. */
    public StoreConflictException(String message) {
        super(message);
    }
}
