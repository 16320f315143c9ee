package org.wucme.acme;

import java.io.IOException;

/** The CA could not be reached, or the connection broke: nobody knows whether the request took effect. */
public final class AcmeConnectionException extends AcmeException {

    private final boolean retryable;

    /**
     * With what failed underneath.
     *
     * @param retryable whether another try can help; it cannot when, say, the CA's TLS certificate is not trusted
     */
    public AcmeConnectionException(String message, IOException cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    @Override
    public boolean isRetryable() {
        return retryable;
    }
}
