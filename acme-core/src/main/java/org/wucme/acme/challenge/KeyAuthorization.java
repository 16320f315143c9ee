package org.wucme.acme.challenge;

import java.nio.charset.StandardCharsets;
import org.wucme.acme.internal.octets.Sha256;

/**
 * The answer to a challenge: its token joined with the thumbprint of the account key (RFC 8555 section 8.1). Each
 * challenge type publishes it in one form, and each form is a method here. Immutable; never printed.
 */
public final class KeyAuthorization {

    private final String value;

    private KeyAuthorization(String value) {
        this.value = value;
    }

    /** Joins a token with the base64url thumbprint (RFC 7638) of the account's public key. */
    public static KeyAuthorization of(String token, String thumbprint) {
        return new KeyAuthorization(token + "." + thumbprint);
    }

    /** The text itself: the body of an http-01 answer (RFC 8555 section 8.3). */
    public String value() {
        return value;
    }

    /** SHA-256 of the text, 32 bytes: what a tls-alpn-01 certificate carries (RFC 8737 section 3). */
    public byte[] digest() {
        return sha256().octets();
    }

    /** The digest in base64url: the TXT record of a dns-01 answer (RFC 8555 section 8.4). */
    public String dnsValue() {
        return sha256().base64url();
    }

    @Override
    public String toString() {
        return "KeyAuthorization[hidden]";
    }

    private Sha256 sha256() {
        return Sha256.of(value.getBytes(StandardCharsets.US_ASCII));
    }
}
