package org.wucme.acme.challenge;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The answers to http-01 and tls-alpn-01 challenges that are presented now, shared by all threads, processes and nodes that
 * use the same store: any of them can answer a CA for an order that another one made. Thread-safe. An answer that was put is
 * found by every process as soon as {@link #put} has returned.
 *
 * <p>There is one answer for each type and {@linkplain PendingAnswer#key key}. For tls-alpn-01, the holder of the lease
 * {@code identifier/NAME} alone writes.
 */
public interface ChallengeStore {

    /**
     * Keeps an answer until it is removed, at the latest until it {@linkplain PendingAnswer#expires expires}. It replaces
     * one of the same type and key, such as what a process left behind that crashed.
     *
     * @throws IOException if it cannot be kept; then it is not found
     */
    void put(PendingAnswer answer) throws IOException;

    /**
     * Removes an answer; does nothing if it is gone already, or was replaced by one with another token or thumbprint.
     *
     * @throws IOException if it cannot be removed; then it stays until it expires
     */
    void remove(PendingAnswer answer) throws IOException;

    /**
     * Reads the answers for some keys, all at once. The keys come from unauthenticated clients: they may be any text, and most of
     * them may be unknown.
     *
     * @param type the type of the challenge, such as {@link Http01#TYPE}
     * @param keys see {@link PendingAnswer#key}
     * @return those that are there and have not expired, in any order
     * @throws IOException if the store cannot be read
     */
    List<PendingAnswer> find(String type, Collection<String> keys) throws IOException;
}
