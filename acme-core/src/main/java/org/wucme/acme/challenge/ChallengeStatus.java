package org.wucme.acme.challenge;

/** Where a challenge stands (RFC 8555 section 7.1.6); {@link #UNKNOWN} for words we do not know. */
public enum ChallengeStatus {
    PENDING,
    PROCESSING,
    VALID,
    INVALID,
    UNKNOWN
}
