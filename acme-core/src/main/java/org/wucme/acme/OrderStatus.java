package org.wucme.acme;

import java.util.Locale;

/** Where an order stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum OrderStatus {
    PENDING,
    READY,
    PROCESSING,
    VALID,
    INVALID,
    /** Its automatic renewal was ended (RFC 8739 section 3.1.2). */
    CANCELED,
    UNKNOWN;

    /** The RFC's word, such as {@code valid}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
