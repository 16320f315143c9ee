package org.wucme.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renewal information (RFC 9773) is not available. This must never keep anybody from renewing: the certificate's lifetime
 * then says when. The advice is {@link Advice#WAIT}.
 */
public final class AcmeRenewalInfoException extends AcmeException {

    private final Instant askAgainAt;

    AcmeRenewalInfoException(String why, @Nullable AcmeException cause, Instant askAgainAt) {
        super("renewal information (ARI) is not available: " + why, cause, Advice.WAIT);
        this.askAgainAt = askAgainAt;
    }

    /** When to ask again; always present. */
    @Override
    public Optional<Instant> retryAt() {
        return Optional.of(askAgainAt);
    }
}
