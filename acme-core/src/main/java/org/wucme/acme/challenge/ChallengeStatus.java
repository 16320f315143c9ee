package org.wucme.acme.challenge;

import java.util.Locale;

/** Where a challenge stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum ChallengeStatus {
    PENDING,
    PROCESSING,
    VALID,
    INVALID,
    UNKNOWN;

    /** The RFC's word, such as {@code valid}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
