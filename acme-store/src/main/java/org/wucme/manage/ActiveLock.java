package org.wucme.manage;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.wucme.acme.challenge.Lease;

/** How a manager becomes the active one of its store. Called by one thread at a time. */
@FunctionalInterface
public interface ActiveLock {

    /**
     * Acquires the lock of the active manager, which closes it when it ends.
     *
     * @param patience how long to wait for it
     * @return empty while another process or manager has it
     * @throws IOException if it cannot be told
     */
    Optional<Lease> acquire(Duration patience) throws IOException;
}
