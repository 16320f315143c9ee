package org.wucme.acme.challenge;

import java.util.Objects;

/**
 * What of an account goes into the answers to its challenges. Immutable; the thumbprint, a part of every key
 * authorization, is never printed.
 *
 * @param url the account's URL, exactly as the CA gave it (RFC 8555 section 7.3)
 * @param thumbprint the base64url thumbprint of the account's public key (RFC 7638)
 */
public record AccountIdentity(String url, String thumbprint) {

    public AccountIdentity {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(thumbprint, "thumbprint");
    }

    @Override
    public String toString() {
        return "AccountIdentity[" + url + "]";
    }
}
