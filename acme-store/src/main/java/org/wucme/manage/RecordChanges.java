package org.wucme.manage;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeException;
import org.wucme.acme.RenewalAnswer;
import org.wucme.acme.RenewalInfo;
import org.wucme.store.AriChoice;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RenewalRecord;

/** What happens to a renewal record when something happened to its certificate. Pure functions. */
final class RecordChanges {

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMinutes(1);

    private RecordChanges() {}

    /**
     * After the CA was asked when to renew. What it suggested before stands while it gives no answer.
     *
     * @param now by the clock of planning: it is not asked again at once, whatever clock the answer came by
     */
    static RenewalRecord answered(RenewalRecord before, RenewalAnswer answer, Instant now, RandomGenerator random) {
        Instant soonest = now.plus(BETWEEN_QUESTIONS);
        Instant again = answer.askAgainAt().isBefore(soonest) ? soonest : answer.askAgainAt();
        AriChoice earlier = before.ari();
        AriChoice choice;
        if (answer instanceof RenewalAnswer.Suggested suggested) {
            RenewalInfo info = suggested.info();
            choice = new AriChoice(
                    info.choose(earlier == null ? null : earlier.time(), random), info.explanationUrl(), again);
        } else {
            choice = new AriChoice(
                    earlier == null ? null : earlier.time(), earlier == null ? null : earlier.explanationUrl(), again);
        }
        return before.toBuilder().ari(choice).build();
    }

    /**
     * After an attempt that failed.
     *
     * @param lifetime of the certificate that was to be renewed; null if there is none
     */
    static RenewalRecord failed(
            RenewalRecord before, Throwable cause, Instant now, @Nullable Duration lifetime, CaChoice cas) {
        int failures = before.failures() + 1;
        RenewalRecord after = before.toBuilder()
                .failures(failures)
                .lastProblem(Failure.describe(cause))
                .failedAuthorizations(Failure.authorizations(before.failedAuthorizations(), cause, now))
                .nextAttempt(FailureBackoff.nextAttempt(failures, cause, now, lifetime))
                .build();
        boolean isSameCa = cas.directoryFor(before).equals(cas.directoryFor(after));
        return isSameCa && leavesOrderOfUse(cause)
                ? after
                : after.toBuilder().pendingOrder(null).build();
    }

    /**
     * After a certificate came, from a CA and an account there.
     *
     * @param isEarly whether it replaces another sooner than that would be due by its age, because the CA suggested so
     */
    static RenewalRecord obtained(
            RenewalRecord before, String issuer, String accountUrl, Instant now, boolean isEarly) {
        return before.toBuilder()
                .accountUrl(accountUrl)
                .issuedBy(issuer.equals(before.directoryUrl()) ? null : issuer)
                .keyCompromised(false)
                .obtained(now)
                .renewedEarly(isEarly)
                .ari(null)
                .failures(0)
                .lastProblem(null)
                .nextAttempt(null)
                .unreachableCa(null)
                .refusedSettings(null)
                .pendingOrder(null)
                .deployed(List.of())
                .deploymentFailure(null)
                .build();
    }

    /**
     * Before a certificate is asked for: what will be owed to it, once it is there. Whoever has no deployments passes on what
     * there was to be carried out with the one before.
     */
    static RenewalRecord owing(RenewalRecord wanted, @Nullable RenewalRecord before, List<String> deployments) {
        Set<String> owed = new LinkedHashSet<>(deployments);
        if (before != null && deployments.isEmpty()) {
            owed.addAll(before.deployed());
            owed.addAll(before.deploymentsOwed());
        }
        return wanted.toBuilder().deploymentsOwed(owed).build();
    }

    /** What of these deployments was not carried out yet, in their order. */
    static List<String> left(RenewalRecord record, Collection<String> deployments) {
        return deployments.stream()
                .filter(deployment -> !record.deployed().contains(deployment))
                .toList();
    }

    /** When these deployments are all that there are. */
    static RenewalRecord owingOnly(RenewalRecord before, Collection<String> deployments) {
        return before.toBuilder()
                .deploymentsOwed(left(before, deployments))
                .deploymentFailure(null)
                .build();
    }

    /** After one of these deployments was carried out. */
    static RenewalRecord deployed(RenewalRecord before, String deployment, Collection<String> deployments) {
        Set<String> deployed = new LinkedHashSet<>(before.deployed());
        deployed.add(deployment);
        return owingOnly(before.toBuilder().deployed(deployed).build(), deployments);
    }

    /** After one of these deployments failed. */
    static RenewalRecord deploymentFailed(
            RenewalRecord before, DeploymentFailure failure, Collection<String> deployments) {
        return owingOnly(before, deployments).toBuilder()
                .deploymentFailure(failure)
                .build();
    }

    /** After a human mended something: what failed, and how often, is still known, but not waited for. */
    static RenewalRecord released(RenewalRecord before, Instant now) {
        DeploymentFailure failure = before.deploymentFailure();
        return before.toBuilder()
                .nextAttempt(null)
                .unreachableCa(null)
                .refusedSettings(null)
                .deploymentFailure(
                        failure == null ? null : new DeploymentFailure(failure.failures(), failure.problem(), now))
                .build();
    }

    /** When it is no longer managed: earlier failures no longer matter. */
    static RenewalRecord unmanaged(RenewalRecord before) {
        return before.toBuilder()
                .unmanaged(true)
                .failures(0)
                .lastProblem(null)
                .nextAttempt(null)
                .unreachableCa(null)
                .refusedSettings(null)
                .deploymentFailure(null)
                .build();
    }

    // What failed on this side, such as a full disk or memory, has not spoilt the order.
    private static boolean leavesOrderOfUse(Throwable cause) {
        return cause instanceof AcmeException failure
                ? failure.isRetryable()
                : cause instanceof IOException || cause instanceof Error;
    }
}
