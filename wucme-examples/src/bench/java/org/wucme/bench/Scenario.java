package org.wucme.bench;

import java.util.List;
import java.util.Set;

/**
 * One row of the table.
 *
 * @param title what it says in the table
 * @param before steps of the {@link Worker} that are not measured
 * @param measured those that are
 * @param bound round trips that must wait for one another, for a client with unlimited parallelism
 * @param certificates how many are obtained
 * @param contenders who takes part
 */
record Scenario(String title, String before, String measured, int bound, int certificates, Set<String> contenders) {

    static final String OURS = Ours.class.getSimpleName();
    static final String ACME4J = Acme4j.class.getSimpleName();
    private static final Set<String> BOTH = Set.of(OURS, ACME4J);

    /** TCP, TLS, nonce, order, authorizations, challenges, order, finalize, order, certificate. */
    private static final int RENEWAL = 10;
    /** The same without connection and nonce. */
    private static final int WARM = 7;
    /** The directory and the account too. */
    private static final int FIRST = 12;

    static final Scenario FIFTY_ONE_BY_ONE = new Scenario(
            "50 certificates, one by one", "nothing", "open certificates:50:1 close", 3 + 50 * WARM, 50, BOTH);

    static final List<Scenario> ALL = List.of(
            new Scenario("first: register, 1 name", "forget", "open register names:1 close", FIRST, 1, BOTH),
            new Scenario("renewal, 1 name", "nothing", "open names:1 close", RENEWAL, 1, BOTH),
            new Scenario("renewal, 1 name, connected already", "open names:1", "names:1 close", WARM, 1, BOTH),
            new Scenario("renewal, 20 names", "nothing", "open names:20 close", RENEWAL, 1, BOTH),
            new Scenario("renewal, 100 names", "nothing", "open names:100 close", RENEWAL, 1, BOTH),
            new Scenario(
                    "renewal, 100 names, 64 requests at once",
                    "inFlight:64",
                    "open names:100 close inFlight:16",
                    RENEWAL,
                    1,
                    Set.of(OURS)),
            FIFTY_ONE_BY_ONE,
            new Scenario(
                    "50 certificates, 16 threads", "nothing", "open certificates:50:16 close", 3 + 4 * WARM, 50, BOTH));
}
