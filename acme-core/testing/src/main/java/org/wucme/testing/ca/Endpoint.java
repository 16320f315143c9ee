package org.wucme.testing.ca;

/** The resources of an ACME server (RFC 8555 section 7.1), as {@link TestCa} counts them and makes them fail. */
public enum Endpoint {
    DIRECTORY,
    NEW_NONCE,
    NEW_ACCOUNT,
    ACCOUNT,
    /** The list of an account's orders (RFC 8555 section 7.1.2.1). */
    ORDERS,
    KEY_CHANGE,
    NEW_ORDER,
    ORDER,
    FINALIZE,
    /** Authorizations ahead of an order (RFC 8555 section 7.4.1). */
    NEW_AUTHORIZATION,
    AUTHORIZATION,
    CHALLENGE,
    CERTIFICATE,
    /** Certificates that are renewed automatically (RFC 8739). */
    STAR_CERTIFICATE,
    REVOKE,
    /** When a certificate had better be renewed (RFC 9773 section 4.1). */
    RENEWAL_INFO,
    /** Any other path. */
    UNKNOWN;

    /** The resource to which a request for this path goes. */
    public static Endpoint of(String path) {
        return Route.of(path).endpoint();
    }
}
