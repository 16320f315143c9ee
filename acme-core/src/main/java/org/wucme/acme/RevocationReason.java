package org.wucme.acme;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why a certificate is revoked (RFC 5280 section 5.3.1). CAs take a few of them only; Let's Encrypt 0, 1, 4 and 5. */
public enum RevocationReason {
    UNSPECIFIED(0),
    KEY_COMPROMISE(1),
    CA_COMPROMISE(2),
    AFFILIATION_CHANGED(3),
    SUPERSEDED(4),
    CESSATION_OF_OPERATION(5),
    CERTIFICATE_HOLD(6),
    REMOVE_FROM_CRL(8),
    PRIVILEGE_WITHDRAWN(9),
    AA_COMPROMISE(10);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** The number that stands for this reason on the wire. */
    public int code() {
        return code;
    }

    /**
     * The reason that a number or a name such as {@code key-compromise} stands for.
     *
     * @throws IllegalArgumentException if there is none; the message lists them all
     */
    public static RevocationReason of(String numberOrName) {
        String wanted = numberOrName.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(reason -> reason.toString().equals(wanted)
                        || Integer.toString(reason.code).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + numberOrName
                        + "\" is not a reason for revocation; these are: "
                        + Arrays.stream(values())
                                .map(reason -> reason + " (" + reason.code + ")")
                                .collect(Collectors.joining(", "))));
    }

    /** The name that {@link #of} reads. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
