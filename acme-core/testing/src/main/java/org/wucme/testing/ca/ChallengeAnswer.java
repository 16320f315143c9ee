package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * A challenge that a client says it has met.
 *
 * @param payload what the client sent to say so
 * @param at when it said so
 */
record ChallengeAnswer(ChallengeState challenge, String accountUrl, String thumbprint, ObjectNode payload, Instant at) {

    String type() {
        return challenge.offer.type();
    }

    Identifier identifier() {
        return challenge.authorization.identifier;
    }

    String token() {
        return challenge.offer.members().path("token").asText();
    }

    String keyAuthorization() {
        return token() + "." + thumbprint;
    }

    byte[] digest() {
        return sha256(keyAuthorization());
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
