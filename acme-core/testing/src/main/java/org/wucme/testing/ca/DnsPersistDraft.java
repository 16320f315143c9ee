package org.wucme.testing.ca;

/** The two generations of dns-persist-01, which don't understand each other. */
public enum DnsPersistDraft {
    /** The record names the account by its URL (draft-ietf-acme-dns-persist-01). */
    DRAFT_01,
    /** The record names the account by a hash (draft-ietf-acme-dns-persist-02). */
    DRAFT_02
}
