package org.wucme.acme.challenge;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;
import org.wucme.acme.internal.octets.Base64Url;

/**
 * Proof by a statement of a device's secure hardware, for identifiers of type {@code permanent-identifier} and
 * {@code hardware-module}. Based on draft-ietf-acme-device-attest-10, and so outside semantic versioning.
 *
 * <p>What the device attests is the {@link #keyAuthorization}, hashed as the attestation format asks: with SHA-256 it is
 * {@link KeyAuthorization#digest()}. Formats whose statement is made before the account is known attest the token alone.
 *
 * @param url where the answer goes
 * @param token random text by the CA, base64url
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record DeviceAttest01(
        String url,
        String token,
        ChallengeStatus status,
        @Nullable Problem error) implements TokenChallenge {

    /** The name of this type. */
    public static final String TYPE = "device-attest-01";

    /**
     * What the CA is sent, as {@link Presented#response()}.
     *
     * @param attestationObject a WebAuthn attestation object (CBOR); {@code authData} may be left out
     */
    public static Map<String, Object> response(byte[] attestationObject) {
        return Map.of("attObj", Base64Url.encode(attestationObject));
    }

    @Override
    public String type() {
        return TYPE;
    }
}
