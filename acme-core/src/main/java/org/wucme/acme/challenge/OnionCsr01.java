package org.wucme.acme.challenge;

import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;
import org.wucme.acme.internal.octets.Base64Url;
import org.wucme.acme.pki.CertificateSigningRequest;

/**
 * Proof by a certificate request that the key of a Tor onion service signed, for names below {@code onion} (RFC 9799
 * section 3.2). The caller makes the request: with both attributes named here, and for the service's Ed25519 key.
 *
 * @param url where the answer goes
 * @param nonce random text by the CA, base64url
 * @param authKey the key, a JWK, with which the CA asks a service that has client authorization; null if it has none
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record OnionCsr01(
        String url,
        String nonce,
        @Nullable String authKey,
        ChallengeStatus status,
        @Nullable Problem error) implements Challenge {

    /** The registered name of this type. */
    public static final String TYPE = "onion-csr-01";

    /** The attribute caSigningNonce of the request, an octet string: {@link #nonceOctets}. */
    public static final String CA_SIGNING_NONCE_OID = "2.23.140.41";

    /** The attribute applicantSigningNonce of the request, an octet string: at least 8 random octets of the caller. */
    public static final String APPLICANT_SIGNING_NONCE_OID = "2.23.140.42";

    /** The nonce decoded. */
    public byte[] nonceOctets() {
        return Base64.getUrlDecoder().decode(nonce);
    }

    /** What the CA is sent, as {@link Presented#response()}. */
    public static Map<String, Object> response(CertificateSigningRequest signed) {
        return Map.of("csr", Base64Url.encode(signed.der()));
    }

    @Override
    public String type() {
        return TYPE;
    }
}
