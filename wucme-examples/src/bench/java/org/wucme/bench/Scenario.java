package org.wucme.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One row of the table.
 *
 * @param title what it says in the table
 * @param before steps of the {@link Worker} that are not measured
 * @param measured those that are
 * @param bound round trips that must wait for one another, for a client with unlimited parallelism
 * @param limit longest time; after it, a contender or the CA counts as stuck
 * @param contenders who takes part
 */
record Scenario(String title, String before, String measured, int bound, Duration limit, Set<String> contenders) {

    static final String OURS = Ours.class.getSimpleName();
    static final String ACME4J = Acme4j.class.getSimpleName();

    /** How many certificates a row of many is about. */
    static final int MANY = 50;

    private static final Set<String> BOTH = Set.of(OURS, ACME4J);
    private static final Duration SHORT = Duration.ofSeconds(40);
    private static final Duration LONG = Duration.ofSeconds(130);
    private static final String NOTHING = "nothing";

    /** TCP, TLS, nonce, order, authorizations, challenges, order, finalize, order, certificate. */
    private static final int RENEWAL = 10;
    /** The same without connection and nonce. */
    private static final int WARM = 7;
    /** The directory and the account too. */
    private static final int FIRST = 12;

    static final Scenario MANY_ONE_BY_ONE = new Scenario(
            "50 certificates, one by one",
            NOTHING,
            "open certificates:" + MANY + ":1 close",
            3 + MANY * WARM,
            LONG,
            BOTH);

    static final List<Scenario> ALL = List.of(
            new Scenario("first: register, 1 name", "forget", "open register names:1 close", FIRST, SHORT, BOTH),
            new Scenario("renewal, 1 name", NOTHING, "open names:1 close", RENEWAL, SHORT, BOTH),
            new Scenario("renewal, 1 name, connected already", "open names:1", "names:1 close", WARM, SHORT, BOTH),
            new Scenario("renewal, 20 names", NOTHING, "open names:20 close", RENEWAL, LONG, BOTH),
            new Scenario("renewal, 100 names", NOTHING, "open names:100 close", RENEWAL, LONG, BOTH),
            new Scenario(
                    "renewal, 100 names, 64 requests at once",
                    "inFlight:64",
                    "open names:100 close inFlight:16",
                    RENEWAL,
                    SHORT,
                    Set.of(OURS)),
            MANY_ONE_BY_ONE,
            new Scenario(
                    "50 certificates, 16 threads",
                    NOTHING,
                    "open certificates:" + MANY + ":16 close",
                    3 + 4 * WARM,
                    SHORT,
                    BOTH));
}
