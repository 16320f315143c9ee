package org.wucme.acme.challenge;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What an attempt to obtain a certificate hands to its solvers: where they keep what other processes and nodes need to know.
 * Thread-safe.
 */
public interface ChallengeContext {

    /**
     * The answers that are presented now. A solver whose own server answers http-01 or tls-alpn-01 puts them here too, so that any
     * other process can answer.
     */
    ChallengeStore answers();

    /** The DNS records to be removed again. */
    RecordJournal records();

    /**
     * Claims a lease, waiting while another holds it.
     *
     * @param name such as {@code dns/example.org}; see {@link Lease}
     * @param patience how long to wait at most; zero asks once
     * @return empty if another still holds it
     * @throws java.io.InterruptedIOException if this thread is interrupted; its flag stays set
     * @throws IOException if it cannot be claimed, since the store cannot be reached
     */
    Optional<Lease> lease(String name, Duration patience) throws IOException;

    /**
     * A context in memory, with nothing in it: leases exclude only those who are given this very object, and nothing of it
     * survives the process.
     */
    static ChallengeContext inMemory() {
        return new MemoryContext();
    }
}
