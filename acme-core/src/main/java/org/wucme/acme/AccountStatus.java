package org.wucme.acme;

/** Where an account stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum AccountStatus {
    VALID,
    DEACTIVATED,
    REVOKED,
    UNKNOWN
}
