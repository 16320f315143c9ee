package org.wucme.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CA was not done in time. Nothing is lost: the resource can be asked for again at {@link #resumeUrl()}. The advice is
 * {@link Advice#WAIT}.
 */
public final class AcmeTimeoutException extends AcmeException {

    private final String resumeUrl;
    private final @Nullable Instant retryAt;

    /**
     * With where and when to go on.
     *
     * @param resumeUrl URL of the resource that was waited for
     * @param retryAt when the CA wants to be asked again, if it said so
     */
    public AcmeTimeoutException(String message, String resumeUrl, @Nullable Instant retryAt) {
        super(message, null, Advice.WAIT);
        this.resumeUrl = resumeUrl;
        this.retryAt = retryAt;
    }

    /** URL of the order that was waited for. */
    public String resumeUrl() {
        return resumeUrl;
    }

    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}
