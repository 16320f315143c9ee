package org.wucme.acme;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all that can go wrong between a client and a CA. Each subclass is a decision a caller can take.
 *
 * <p>An interrupted thread sees {@link java.io.InterruptedIOException} instead, with its interrupt flag still set.
 */
public class AcmeException extends IOException {

    /** With a message that an administrator understands, and what caused it, if anything did. */
    public AcmeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** With a message that an administrator understands. */
    public AcmeException(String message) {
        this(message, null);
    }

    /** Whether the same request can succeed later with nothing changed on this side. */
    public boolean isRetryable() {
        return false;
    }

    /** When the CA wants to be asked again at the earliest, if it said so. */
    public Optional<Instant> retryAt() {
        return Optional.empty();
    }
}
