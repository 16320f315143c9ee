package org.wucme.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CA refused, and said why in a problem document (RFC 8555 section 6.7).
 *
 * <p>The advice is {@link Advice#RETRY} for {@code serverInternal}, {@code badNonce} and HTTP 5xx but 501, or {@link
 * Advice#WAIT} if the CA names a time for it; {@link Advice#WAIT} for {@code rateLimited} and HTTP 429; {@link
 * Advice#OPERATOR} for everything else. When it is the reason why an order is invalid, {@link Advice#NEW_ORDER} stands for
 * {@link Advice#RETRY}.
 */
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
        this(problem, retryAt, advice(problem, retryAt), said(doing, problem));
    }

    AcmeProblemException(Problem problem, @Nullable Instant retryAt, Advice advice, String message) {
        super(message, null, advice);
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

    static String said(String doing, Problem problem) {
        return doing + ": the CA says: " + problem.describe();
    }

    private static Advice advice(Problem problem, @Nullable Instant retryAt) {
        Advice advice = Advice.of(problem);
        return advice == Advice.RETRY && retryAt != null ? Advice.WAIT : advice;
    }
}
