package org.wucme.acme.internal.octets;

import java.util.HexFormat;
import org.wucme.acme.internal.jca.Jca;

/** A SHA-256 digest, in the forms in which it is published. Immutable. */
public final class Sha256 {

    private final byte[] octets;

    private Sha256(byte[] octets) {
        this.octets = octets;
    }

    /** The digest of octets. */
    public static Sha256 of(byte[] message) {
        return new Sha256(Jca.sha256().digest(message));
    }

    /** The digest itself, 32 octets. */
    public byte[] octets() {
        return octets.clone();
    }

    /** 43 characters, without padding. */
    public String base64url() {
        return Base64Url.encode(octets);
    }

    /** 64 digits, in lower case. */
    public String hex() {
        return HexFormat.of().formatHex(octets);
    }
}
