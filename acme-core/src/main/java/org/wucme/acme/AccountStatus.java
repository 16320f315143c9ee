package org.wucme.acme;

import java.util.Locale;

/** Where an account stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum AccountStatus {
    VALID,
    DEACTIVATED,
    REVOKED,
    UNKNOWN;

    /** The RFC's word, such as {@code valid}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
