package org.wucme.testing.ca;

/** What is wrong with the certificates that {@link TestCa} issues; a client must find it before it stores them. */
public enum Defect {
    NONE,
    /** The leaf certifies a key other than that of the CSR. */
    WRONG_KEY,
    /** The last name ordered is not in the leaf (the only one is replaced by another). */
    MISSING_NAME,
    /** The intermediate has the right name but did not sign the leaf. */
    BROKEN_CHAIN,
    /** The leaf's validity ended in the past. */
    EXPIRED,
    /** The leaf's validity begins in the future. */
    NOT_YET_VALID,
    /** The leaf's validity ends before it begins, both of them soon. */
    NEVER_VALID,
    /** The chain also holds a private key block (RFC 8555 section 11.4). */
    PRIVATE_KEY_IN_PEM,
    /** The chain also holds text outside of any PEM block (RFC 8555 section 9.1). */
    TEXT_IN_PEM
}
