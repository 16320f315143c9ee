package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * The device-attest-01 challenge (draft-ietf-acme-device-attest). The statement is not verified, since no device is
 * trusted here, but it must be about this challenge and account: the digest of the key authorization is somewhere in it.
 */
final class DeviceAttest01Check {
    private static final String MEMBER = "attObj";

    private DeviceAttest01Check() {}

    /** Refuses an answer that has no attestation object. */
    static void requireForm(ObjectNode payload) {
        attestationObject(payload);
    }

    static void check(ChallengeAnswer answer) {
        String object = latin1(attestationObject(answer.payload()));
        if (!object.contains(latin1(answer.digest()))) {
            throw new Problem(
                    400,
                    "badAttestationStatement",
                    "The attestation is not about the key authorization of this challenge");
        }
    }

    private static byte[] attestationObject(ObjectNode payload) {
        return Base64Url.decode(Json.text(payload, MEMBER, "The answer to a device-attest-01 challenge"), MEMBER);
    }

    // One character for each octet, so that octets can be looked for.
    private static String latin1(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
