package org.wucme.store;

import java.io.IOException;

/**
 * The place of a store leads to another one now, such as a symbolic link that was switched at a deployment. Locks are held in
 * the one that was opened: what was begun there is finished there, and nothing new is begun. The store is to be opened
 * again.
 */
public final class StoreMovedException extends IOException {

    /** With a message that an administrator understands. */
    public StoreMovedException(String message) {
        super(message);
    }
}
