package org.wucme.acme;

/** Where an authorization stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum AuthorizationStatus {
    PENDING,
    VALID,
    INVALID,
    DEACTIVATED,
    EXPIRED,
    REVOKED,
    UNKNOWN
}
