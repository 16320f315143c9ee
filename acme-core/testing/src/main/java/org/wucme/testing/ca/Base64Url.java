package org.wucme.testing.ca;

import java.util.Base64;
import java.util.regex.Pattern;

/** Unpadded base64url (RFC 8555 section 6.1): padding and foreign characters are refused. */
final class Base64Url {
    private static final Pattern ALPHABET = Pattern.compile("[A-Za-z0-9_-]*");

    private Base64Url() {}

    static byte[] decode(String text, String what) {
        if (!ALPHABET.matcher(text).matches()) {
            throw Problem.malformed(what + " is not unpadded base64url");
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed(what + " is not unpadded base64url");
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
