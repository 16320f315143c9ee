package org.wucme.store;

import org.wucme.acme.Identifier;

/** The names of the leases that a store gives, the same in every store. Pure functions. */
public final class LeaseNames {

    /** Held by the one manager that renews and deploys what is in a store. */
    public static final String ACTIVE = "active";

    /** How many processes can use an account at the same time; a change of its key needs as many leases. */
    public static final int ACCOUNT_USES = 32;

    private static final String CERTIFICATE = "certificate/";
    private static final String DEPLOYMENTS = "deploy/";
    private static final String ACCOUNT = "account/";
    private static final String ACCOUNT_USE = "account-use/";
    private static final String IDENTIFIER = "identifier/";

    private LeaseNames() {}

    /** Held from the decision to order a certificate until it is stored. */
    public static String certificate(String name) {
        return CERTIFICATE + name;
    }

    /** Held while a stored certificate is deployed; it keeps no process from renewing it meanwhile. */
    public static String deployments(String name) {
        return DEPLOYMENTS + name;
    }

    /**
     * Held while the account at the CA with this directory is changed. Using the account does not need it, but one of {@link
     * #accountUse}.
     */
    public static String account(String directoryUrl) {
        return ACCOUNT + directoryUrl;
    }

    /**
     * One of several for each account: a process that orders with it holds one of them, and a process that changes its key all.
     *
     * @param number from 0 to {@link #ACCOUNT_USES} - 1
     */
    public static String accountUse(String directoryUrl, int number) {
        return ACCOUNT_USE + number + "/" + directoryUrl;
    }

    /** Held while an answer is presented that only one order at a time can have at a name, as with tls-alpn-01. */
    public static String identifier(Identifier identifier) {
        return IDENTIFIER + identifier.value();
    }
}
