package org.wucme.acme;

import java.util.Locale;

/** The error types of RFC 8555 section 6.7 and its extensions; {@link #UNKNOWN} stands for all others. */
public enum ProblemType {
    ACCOUNT_DOES_NOT_EXIST("accountDoesNotExist"),
    ALREADY_REPLACED("alreadyReplaced"),
    ALREADY_REVOKED("alreadyRevoked"),
    AUTO_RENEWAL_CANCELED("autoRenewalCanceled"),
    AUTO_RENEWAL_CANCELLATION_INVALID("autoRenewalCancellationInvalid"),
    AUTO_RENEWAL_EXPIRED("autoRenewalExpired"),
    AUTO_RENEWAL_REVOCATION_NOT_SUPPORTED("autoRenewalRevocationNotSupported"),
    /** Based on draft-ietf-acme-device-attest, and so outside semantic versioning. */
    BAD_ATTESTATION_STATEMENT("badAttestationStatement"),
    BAD_CSR("badCSR"),
    BAD_NONCE("badNonce"),
    BAD_PUBLIC_KEY("badPublicKey"),
    BAD_REVOCATION_REASON("badRevocationReason"),
    BAD_SIGNATURE_ALGORITHM("badSignatureAlgorithm"),
    CAA("caa"),
    COMPOUND("compound"),
    /** Not registered: Boulder's. */
    CONFLICT("conflict"),
    CONNECTION("connection"),
    DNS("dns"),
    EXTERNAL_ACCOUNT_REQUIRED("externalAccountRequired"),
    INCORRECT_RESPONSE("incorrectResponse"),
    INVALID_CONTACT("invalidContact"),
    /** Based on draft-ietf-acme-profiles, and so outside semantic versioning. */
    INVALID_PROFILE("invalidProfile"),
    MALFORMED("malformed"),
    /** Not registered: step-ca's. */
    NOT_IMPLEMENTED("notImplemented"),
    ONION_CAA_REQUIRED("onionCAARequired"),
    ORDER_NOT_READY("orderNotReady"),
    RATE_LIMITED("rateLimited"),
    REJECTED_IDENTIFIER("rejectedIdentifier"),
    SERVER_INTERNAL("serverInternal"),
    TLS("tls"),
    UNAUTHORIZED("unauthorized"),
    UNKNOWN_DELEGATION("unknownDelegation"),
    UNSUPPORTED_CONTACT("unsupportedContact"),
    UNSUPPORTED_IDENTIFIER("unsupportedIdentifier"),
    USER_ACTION_REQUIRED("userActionRequired"),
    UNKNOWN("");

    private static final String NAMESPACE = "urn:ietf:params:acme:error:";

    private final String name;

    ProblemType(String name) {
        this.name = name;
    }

    /** The type that a URI stands for; {@link #UNKNOWN} if it is none of ours. */
    public static ProblemType of(String uri) {
        if (uri.toLowerCase(Locale.ROOT).startsWith(NAMESPACE)) {
            String wanted = uri.substring(NAMESPACE.length()).strip();
            for (ProblemType type : values()) {
                if (type.name.equalsIgnoreCase(wanted)) {
                    return type;
                }
            }
        }
        return UNKNOWN;
    }

    /** The URI of this type, {@code urn:ietf:params:acme:error:…}; {@code about:blank} for {@link #UNKNOWN}. */
    public String uri() {
        return this == UNKNOWN ? "about:blank" : NAMESPACE + name;
    }
}
