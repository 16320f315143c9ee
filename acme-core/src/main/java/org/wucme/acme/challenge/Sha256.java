package org.wucme.acme.challenge;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A SHA-256 digest, in the forms in which challenges publish it. Immutable. */
final class Sha256 {

    private final byte[] octets;

    private Sha256(byte[] octets) {
        this.octets = octets;
    }

    static Sha256 of(byte[] message) {
        try {
            return new Sha256(MessageDigest.getInstance("SHA-256").digest(message));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    byte[] octets() {
        return octets.clone();
    }

    /** 43 characters, without padding. */
    String base64url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
