package org.wucme.acme;

import java.io.IOException;

/**
 * The CA could not be reached, or the connection broke: nobody knows whether the request took effect. The advice is {@link
 * Advice#RETRY}; {@link Advice#OPERATOR} when no try can help.
 */
public final class AcmeConnectionException extends AcmeException {

    /**
     * With what failed underneath.
     *
     * @param retryable whether another try can help; it cannot when, say, the CA's TLS certificate is not trusted
     */
    public AcmeConnectionException(String message, IOException cause, boolean retryable) {
        super(message, cause, retryable ? Advice.RETRY : Advice.OPERATOR);
    }
}
