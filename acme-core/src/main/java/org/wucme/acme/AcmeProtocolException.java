package org.wucme.acme;

import org.jspecify.annotations.Nullable;

/**
 * The CA, or what stands between, sent something that RFC 8555 does not allow, or a certificate that is not the one asked
 * for. The advice is {@link Advice#OPERATOR}; but {@link Advice#RETRY} for a reply to a request about an account, an order or
 * a certificate that cannot be read, as a proxy sends that is in trouble itself.
 */
public final class AcmeProtocolException extends AcmeException {

    /** With what was wrong and where. */
    public AcmeProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    private AcmeProtocolException(AcmeProtocolException unreadable) {
        super(String.valueOf(unreadable.getMessage()), unreadable, Advice.RETRY);
    }

    /** The same of a reply that may be readable when the resource is asked for again. */
    AcmeProtocolException ofReply() {
        return isRetryable() ? this : new AcmeProtocolException(this);
    }

    /** With what was wrong and where. */
    public AcmeProtocolException(String message) {
        this(message, null);
    }
}
