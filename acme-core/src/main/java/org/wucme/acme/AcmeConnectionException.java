package org.wucme.acme;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CA could not be reached, or the connection broke: nobody knows whether the request took effect. The advice is {@link
 * Advice#RETRY}; {@link Advice#OPERATOR} when no try can help.
 */
public final class AcmeConnectionException extends AcmeException {

    private final @Nullable String host;
    private final @Nullable String proxy;

    /**
     * With what failed underneath.
     *
     * @param retryable whether another try can help; it cannot when, say, the CA's TLS certificate is not trusted
     */
    public AcmeConnectionException(String message, IOException cause, boolean retryable) {
        this(message, cause, retryable, null, null);
    }

    /**
     * As {@link #AcmeConnectionException(String, IOException, boolean)}, with the way to the CA.
     *
     * @param host the CA's host; null if not known
     * @param proxy the proxy on the way there, such as {@code proxy.example:8080}; null if there is none
     */
    public AcmeConnectionException(
            String message, IOException cause, boolean retryable, @Nullable String host, @Nullable String proxy) {
        super(message, cause, retryable ? Advice.RETRY : Advice.OPERATOR);
        this.host = host;
        this.proxy = proxy;
    }

    /** The CA's host, if known. */
    public Optional<String> host() {
        return Optional.ofNullable(host);
    }

    /** The proxy on the way to the CA, such as {@code proxy.example:8080}; empty if there is none. */
    public Optional<String> proxy() {
        return Optional.ofNullable(proxy);
    }
}
