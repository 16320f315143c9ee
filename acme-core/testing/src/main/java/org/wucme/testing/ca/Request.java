package org.wucme.testing.ca;

import org.jspecify.annotations.Nullable;

/**
 * One request that {@link TestCa} received.
 *
 * @param startNanos when it had been read, as {@link System#nanoTime()}
 * @param endNanos when its reply was about to be written; {@link Long#MAX_VALUE} while it is being handled
 * @param status the HTTP status replied; 0 when the connection was cut instead, or while it is being handled
 * @param problemType the problem's type without {@code urn:ietf:params:acme:error:}, or null when there was none
 */
public record Request(
        Endpoint endpoint,
        String method,
        String path,
        long startNanos,
        long endNanos,
        int status,
        @Nullable String problemType) {

    Request ended(long nanos, int status, @Nullable String problemType) {
        return new Request(endpoint, method, path, startNanos, nanos, status, problemType);
    }
}
