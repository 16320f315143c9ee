package org.wucme.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How often something was done lately, counted together for all processes and nodes that use a store: a CA's limits apply to an
 * account or a name, whichever node uses it up. Thread-safe.
 */
public interface Budgets {

    /** The orders of an account. */
    static String orders(String accountUrl) {
        return "orders/" + accountUrl;
    }

    /** The failed validations of a name with an account. */
    static String failedAuthorizations(String accountUrl, String name) {
        return "failed/" + accountUrl + "/" + name;
    }

    /**
     * Counts one use, if fewer than the limit were counted in the period before it. Checked and counted in one step.
     *
     * @param budget what is limited, such as {@link #orders}
     * @param limit how many in any period; at least one
     * @return empty if it was counted; else when the next one may be
     * @throws IOException if it cannot be counted
     */
    Optional<Instant> take(String budget, int limit, Duration period) throws IOException;

    /**
     * Counts one use, whatever the limit, such as a failure that happened.
     *
     * @param period for how long it counts
     * @throws IOException if it cannot be counted
     */
    void add(String budget, Duration period) throws IOException;

    /**
     * When the next use may be counted; empty if it may be now. Counts none.
     *
     * @throws IOException if the store cannot be read
     */
    Optional<Instant> exhaustedUntil(String budget, int limit, Duration period) throws IOException;
}
