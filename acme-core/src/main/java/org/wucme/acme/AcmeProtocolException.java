package org.wucme.acme;

import org.jspecify.annotations.Nullable;

/**
 * The CA, or what stands between, sent something that RFC 8555 does not allow, or a certificate that is not the one asked
 * for. The advice is {@link Advice#OPERATOR}.
 */
public final class AcmeProtocolException extends AcmeException {

    /** With what was wrong and where. */
    public AcmeProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** With what was wrong and where. */
    public AcmeProtocolException(String message) {
        this(message, null);
    }
}
