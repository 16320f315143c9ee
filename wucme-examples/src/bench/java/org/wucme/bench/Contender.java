package org.wucme.bench;

import java.util.List;

/** A client that is measured, used as its documentation says. What {@link #obtain} does may be done by several threads. */
interface Contender extends AutoCloseable {

    /** Begins like a new process that has kept what it may keep: no connection, no nonce. */
    void open();

    /** Forgets what was kept: account and directory. */
    void forget();

    /** Registers an account for the key. */
    void register() throws Exception;

    /** Obtains a certificate with a new P-256 key. */
    void obtain(List<String> names) throws Exception;

    /** The most requests that one client sends at once, where that can be set. */
    void inFlight(int requests);

    @Override
    void close();
}
