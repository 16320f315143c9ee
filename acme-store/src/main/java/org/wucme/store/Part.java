package org.wucme.store;

/**
 * What a stored certificate consists of: each part has writers of its own, and a version that changes with it. No writer of one
 * part undoes what another wrote.
 */
public enum Part {
    /** What is requested, and whether it is managed: anyone may write it who read its present version. */
    SPEC,
    /** What came of the attempts to obtain it: the holder of the certificate's lease writes it. */
    ATTEMPTS,
    /** Chain, key and origin: the holder of the certificate's lease writes them. */
    CERTIFICATE,
    /** When the CA suggests to renew it: anyone may write it, for the certificate in place. */
    RENEWAL_INFO,
    /** What was done with it: the holder of the lease of its deployments writes it, for the certificate in place. */
    DEPLOYMENTS,
    /** Whether others may know its key: anyone may set it, once, for the key. */
    COMPROMISE
}
