package org.wucme.acme;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.text.OneLine;

/**
 * The root of all that can go wrong between a client and a CA. Each subclass is a decision a caller can take. A message is one
 * line of bounded length, whatever a CA says.
 *
 * <p>An interrupted thread sees {@link java.io.InterruptedIOException} instead, with its interrupt flag still set.
 */
public class AcmeException extends IOException {

    private final Advice advice;

    /** With a message that an administrator understands, what caused it, if anything did, and what can be done. */
    public AcmeException(String message, @Nullable Throwable cause, Advice advice) {
        super(OneLine.of(message), cause);
        this.advice = advice;
    }

    /** With a message that an administrator understands, and what caused it, if anything did: it takes an operator. */
    public AcmeException(String message, @Nullable Throwable cause) {
        this(message, cause, Advice.OPERATOR);
    }

    /** With a message that an administrator understands: it takes an operator. */
    public AcmeException(String message) {
        this(message, null);
    }

    /** What a caller can do about it. */
    public final Advice advice() {
        return advice;
    }

    /**
     * Whether the same request can succeed later with nothing changed on this side: {@link Advice#RETRY} or {@link
     * Advice#WAIT}.
     */
    public final boolean isRetryable() {
        return advice == Advice.RETRY || advice == Advice.WAIT;
    }

    /** When the CA wants to be asked again at the earliest, if it said so. */
    public Optional<Instant> retryAt() {
        return Optional.empty();
    }
}
