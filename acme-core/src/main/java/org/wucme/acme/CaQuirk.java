package org.wucme.acme;

/** In what a CA departs from what one would expect, or from what its own directory says. */
public enum CaQuirk {
    /** Counts whatever {@link Directory#externalAccountRequired()} says. */
    EXTERNAL_ACCOUNT_REQUIRED(
            "an account must be bound to the one that you have with the CA (external account binding):"
                    + " the CA gives a key identifier and a key for it"),

    /** Without one, SSL.com takes the account and the order, and refuses the request in the end. */
    CONTACT_REQUIRED("an account needs an e-mail address as contact"),

    /** {@link AcmeClient#findAccount} may fail, or find nothing. */
    NO_ACCOUNT_LOOKUP("an account is not reliably found again by its key: keep its URL"),

    /** What the directory says of it ({@link Directory#renewalInfo()}) does not hold. */
    NO_RENEWAL_INFO("renewal information (ARI) is advertised, but cannot be had"),

    /** What the directory says of it ({@link Directory#keyChange()}) does not hold. */
    NO_KEY_CHANGE("the key of an account cannot be changed, though that is advertised"),

    /** Tests count against the limits of the real service. */
    NO_STAGING("there is no staging service: even tests give certificates that count"),

    /** To be given by {@link AcmeClient.Builder#trustedRoots}. */
    PRIVATE_ROOT("its own server usually has a certificate of a private root, which must be given");

    private final String advice;

    CaQuirk(String advice) {
        this.advice = advice;
    }

    /** What an administrator should know. */
    public String advice() {
        return advice;
    }
}
