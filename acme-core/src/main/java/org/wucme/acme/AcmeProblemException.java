package org.wucme.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The CA refused, and said why in a problem document (RFC 8555 section 6.7). */
public class AcmeProblemException extends AcmeException {

    private final transient Problem problem;
    private final @Nullable Instant retryAt;

    /**
     * With the CA's problem document.
     *
     * @param doing what the client was about to do, such as {@code creating an order}
     * @param retryAt when the CA wants to be asked again, if it said so
     */
    public AcmeProblemException(String doing, Problem problem, @Nullable Instant retryAt) {
        this(problem, retryAt, doing + ": the CA says: " + problem.describe());
    }

    AcmeProblemException(Problem problem, @Nullable Instant retryAt, String message) {
        super(message);
        this.problem = problem;
        this.retryAt = retryAt;
    }

    /** The CA's problem document; its {@link Problem#status()} is the HTTP status. */
    public Problem problem() {
        return problem;
    }

    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }

    /** True for HTTP 429 and 5xx; everything else needs a change on this side. */
    @Override
    public boolean isRetryable() {
        return problem.status() == 429 || problem.status() >= 500;
    }
}
