package org.wucme.manage;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeChallengeException;
import org.wucme.acme.AcmeClockException;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Advice;
import org.wucme.acme.ProblemType;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.Attempts;
import org.wucme.store.RenewalRecord;

/** Why an attempt failed, as far as it matters for the next one. */
final class Failure {

    /** What no CA will ever accept as it is: names, keys, accounts that a human must change. */
    private static final Set<ProblemType> PERMANENT = EnumSet.of(
            ProblemType.ACCOUNT_DOES_NOT_EXIST,
            ProblemType.BAD_CSR,
            ProblemType.BAD_PUBLIC_KEY,
            ProblemType.BAD_SIGNATURE_ALGORITHM,
            ProblemType.EXTERNAL_ACCOUNT_REQUIRED,
            ProblemType.INVALID_CONTACT,
            ProblemType.INVALID_PROFILE,
            ProblemType.MALFORMED,
            ProblemType.NOT_IMPLEMENTED,
            ProblemType.REJECTED_IDENTIFIER,
            ProblemType.UNSUPPORTED_CONTACT,
            ProblemType.UNSUPPORTED_IDENTIFIER,
            ProblemType.USER_ACTION_REQUIRED);

    /** The same of a failed validation, where a CA may call malformed what a name server or a redirect answered. */
    private static final Set<ProblemType> PERMANENT_IN_VALIDATION =
            EnumSet.of(ProblemType.REJECTED_IDENTIFIER, ProblemType.UNSUPPORTED_IDENTIFIER);

    private Failure() {}

    /**
     * Whether nothing gets better until a human changes something. What may as well be the network's or the name server's
     * fault, such as a proof of control that the CA did not find, is not permanent.
     */
    static boolean isPermanent(Throwable cause) {
        if (cause instanceof AcmeChallengeException failed) {
            return failed.failures().values().stream()
                    .anyMatch(problem -> PERMANENT_IN_VALIDATION.contains(problem.kind()));
        }
        if (cause instanceof AcmeClockException) {
            // A clock that is set after the start of the machine is right within minutes.
            return false;
        }
        if (cause instanceof AcmeProblemException refused) {
            return PERMANENT.contains(refused.problem().kind());
        }
        return cause instanceof AcmeException failure
                && !(cause instanceof AcmeProtocolException)
                && failure.advice() == Advice.OPERATOR;
    }

    /**
     * Whether other settings may make the difference: what is requested, or what validates names. Not if the CA was out of
     * service, or wants fewer requests.
     */
    static boolean mayComeFromSettings(Throwable cause) {
        boolean isOfThisSide = cause instanceof IOException && !(cause instanceof AcmeException);
        return isPermanent(cause) || cause instanceof AcmeChallengeException || isOfThisSide;
    }

    /** Whether the CA was out of service, which says nothing about the certificate. */
    static boolean isOutage(Throwable cause) {
        return cause instanceof AcmeException failure
                && failure.isRetryable()
                && (cause instanceof AcmeConnectionException
                        || (cause instanceof AcmeProblemException refused
                                && !refused.problem().isRateLimit()));
    }

    /** What happened, in one line for a human. The message of something unexpected means little without its type. */
    static String describe(Throwable cause) {
        if (Trace.isUnexpected(cause)) {
            return OneLine.of("unexpected error: " + cause);
        }
        String message = cause.getMessage();
        return OneLine.of(message == null ? cause.toString() : message);
    }

    /** As what can be told of an attempt. */
    static IOException asIoException(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException(describe(cause), cause);
    }

    /** When names could not be proven lately: what was known before, and now too if this was such a failure. */
    static List<Instant> authorizations(List<Instant> before, Throwable cause, Instant now) {
        Stream<Instant> recent = before.stream().filter(at -> AuthorizationBudget.counts(at, now));
        List<Instant> all = cause instanceof AcmeChallengeException
                ? Stream.concat(recent, Stream.of(now)).toList()
                : recent.toList();
        return all.subList(Math.max(0, all.size() - AuthorizationBudget.FAILURES_PER_HOUR), all.size());
    }

    /**
     * The record of a certificate after an attempt that failed. Whether its settings may be the reason is left open.
     *
     * @param lifetime of the certificate that was to be renewed; null if there is none
     */
    static RenewalRecord recorded(
            RenewalRecord before, Throwable cause, Instant now, @Nullable Duration lifetime, CaChoice cas) {
        Attempts attempts = before.attempts();
        Attempts failed = attempts.failed(
                        describe(cause),
                        authorizations(attempts.failedAuthorizations(), cause, now),
                        FailureBackoff.nextAttempt(attempts.failures() + 1, cause, now, lifetime))
                .withUnreachableCa(isOutage(cause) ? cas.directoryFor(before) : null);
        RenewalRecord after = before.withAttempts(failed);
        boolean isSameCa = cas.directoryFor(before).equals(cas.directoryFor(after));
        return isSameCa && leavesOrderOfUse(cause) ? after : after.withAttempts(failed.withPendingOrder(null));
    }

    // What failed on this side, such as a full disk or memory, has not spoilt the order.
    private static boolean leavesOrderOfUse(Throwable cause) {
        return cause instanceof AcmeException failure
                ? failure.isRetryable()
                : cause instanceof IOException || cause instanceof Error;
    }
}
