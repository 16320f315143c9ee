package org.wucme.acme.internal.octets;

import java.util.Base64;

/** Octets as text, in base64url without padding (RFC 8555 section 6.1). */
public final class Base64Url {

    private Base64Url() {}

    /** The text. */
    public static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
