package org.wucme.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of the attempts to obtain a certificate since the last success. Immutable.
 *
 * @param failures how many have failed in a row
 * @param lastProblem why the last one failed; null if none did
 * @param failedAuthorizations when names failed to be validated lately; CAs count these
 * @param nextAttempt when to retry at the earliest; null if there is no backoff
 * @param unreachableCa directory of the CA that was out of service at the last attempt: the first success there ends the
 *     backoff; null if the attempt failed for another reason
 * @param refusedSettings digest of the settings of the last attempt, if they may be why it failed: other settings end the
 *     backoff; null if they are not
 * @param pendingOrder URL of an order that is not finished yet; null if there is none
 */
public record Attempts(
        int failures,
        @Nullable String lastProblem,
        List<Instant> failedAuthorizations,
        @Nullable Instant nextAttempt,
        @Nullable String unreachableCa,
        @Nullable String refusedSettings,
        @Nullable String pendingOrder) {

    /** None since the last success. */
    public static final Attempts NONE = new Attempts(0, null, List.of(), null, null, null, null);

    public Attempts {
        if (failures < 0) {
            throw new IllegalArgumentException("failures cannot be " + failures);
        }
        failedAuthorizations = List.copyOf(failedAuthorizations);
    }

    /** After one more that failed; the pending order stays, and the reason for the backoff is not known yet. */
    public Attempts failed(String problem, List<Instant> authorizations, Instant next) {
        return new Attempts(failures + 1, problem, authorizations, next, null, null, pendingOrder);
    }

    /** With an outage of a CA as the reason for the backoff. */
    public Attempts withUnreachableCa(@Nullable String directoryUrl) {
        return new Attempts(
                failures, lastProblem, failedAuthorizations, nextAttempt, directoryUrl, refusedSettings, pendingOrder);
    }

    /** With the settings as the reason for the backoff, by their digest. */
    public Attempts withRefusedSettings(@Nullable String digest) {
        return new Attempts(
                failures, lastProblem, failedAuthorizations, nextAttempt, unreachableCa, digest, pendingOrder);
    }

    /** With another pending order, or none. */
    public Attempts withPendingOrder(@Nullable String url) {
        return new Attempts(
                failures, lastProblem, failedAuthorizations, nextAttempt, unreachableCa, refusedSettings, url);
    }

    /** At the beginning of another attempt: failures still count, and the order is still pending. */
    public Attempts resumed() {
        return new Attempts(failures, null, failedAuthorizations, null, null, null, pendingOrder);
    }

    /** Without the backoff; the failures still count. */
    public Attempts released() {
        return new Attempts(failures, lastProblem, failedAuthorizations, null, null, null, pendingOrder);
    }

    /** Without the failures; those of names still count, and the order is still pending. */
    public Attempts withoutFailures() {
        return new Attempts(0, null, failedAuthorizations, null, null, null, pendingOrder);
    }

    /** After a success. */
    public Attempts succeeded() {
        return withoutFailures().withPendingOrder(null);
    }
}
