package org.wucme.manage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.Attempts;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;
import org.wucme.store.Origin;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Makes the status of certificates and CAs from what was read of a store. A pure function. */
final class StatusReader {

    private final List<CertificateState> states;
    private final List<CertificateStatus> certificates;
    private final AuthorizationBudget budget;
    private final Instant now;

    /**
     * Of what a store holds.
     *
     * @param settings the same as those of planning
     */
    StatusReader(List<StoredCertificate> all, PlanSettings settings, Instant now) {
        this.now = now;
        this.states = all.stream()
                .map(stored -> CertificateState.of(stored, settings))
                .toList();
        this.budget = new AuthorizationBudget(states, Set.of(), now);
        this.certificates = IntStream.range(0, all.size())
                .mapToObj(i -> status(all.get(i), states.get(i)))
                .toList();
    }

    List<CertificateStatus> certificates() {
        return certificates;
    }

    private CertificateStatus status(StoredCertificate stored, CertificateState state) {
        RenewalRecord renewal = state.renewal();
        IssuedCertificate issued = issued(stored.chain(), state);
        String problem = state.problem();
        return new CertificateStatus(
                stored.name(),
                stored.location(),
                state.identifiers(),
                renewal == null || !renewal.unmanaged(),
                issued == null ? stateWithout(problem) : issued.stateAt(now),
                issued,
                renewal == null ? null : renewal.spec(),
                renewal == null ? Origin.UNKNOWN : renewal.origin(),
                renewal == null ? Attempts.NONE : inOneLine(renewal.attempts()),
                renewal == null ? Deployments.NONE : inOneLine(renewal.deployments()),
                nextAttempt(state),
                problem == null ? null : OneLine.of(problem));
    }

    private static CertificateStatus.State stateWithout(@Nullable String problem) {
        return problem == null ? CertificateStatus.State.NOT_ISSUED : CertificateStatus.State.UNREADABLE;
    }

    private static @Nullable IssuedCertificate issued(@Nullable CertificateChain chain, CertificateState state) {
        Instant due = RenewalRule.dueAt(state).orElse(null);
        if (chain == null || due == null) {
            return null;
        }
        return IssuedCertificate.of(chain.leaf(), due, RenewalRule.choiceOf(state));
    }

    private @Nullable Instant nextAttempt(CertificateState state) {
        RenewalRecord renewal = state.renewal();
        if (renewal != null && renewal.unmanaged()) {
            return null;
        }
        Instant backoff = RenewalRule.heldBackUntil(renewal, now);
        Instant budgeted = budget.exhaustedUntil(state).orElse(Instant.MIN);
        return Stream.of(backoff, budgeted, windowOpens(state))
                .max(Instant::compareTo)
                .filter(next -> next.isAfter(now))
                .orElse(null);
    }

    private Instant windowOpens(CertificateState state) {
        return RenewalRule.dueAt(state)
                .filter(due -> !due.isAfter(now))
                .map(due -> RenewalRule.inWindow(state, due, now, now))
                .orElse(Instant.MIN);
    }

    private static Attempts inOneLine(Attempts attempts) {
        String problem = attempts.lastProblem();
        return problem == null
                ? attempts
                : new Attempts(
                        attempts.failures(),
                        OneLine.of(problem),
                        attempts.failedAuthorizations(),
                        attempts.nextAttempt(),
                        attempts.unreachableCa(),
                        attempts.refusedSettings(),
                        attempts.pendingOrder());
    }

    private static Deployments inOneLine(Deployments deployments) {
        DeploymentFailure failure = deployments.failure();
        return failure == null
                ? deployments
                : new Deployments(
                        deployments.pending(),
                        deployments.done(),
                        new DeploymentFailure(
                                failure.failures(), OneLine.of(failure.problem()), failure.nextAttempt()));
    }

    /**
     * The CAs of managed certificates: out of service by what this process met, else by what records say.
     *
     * @param met outages that this process met
     */
    List<CaStatus> cas(Collection<CaStatus> met) {
        Map<String, CaStatus> found = new TreeMap<>();
        for (CertificateState state : states) {
            RenewalRecord renewal = state.renewal();
            if (renewal != null && !renewal.unmanaged()) {
                found.putIfAbsent(
                        renewal.spec().directoryUrl(),
                        new CaStatus(renewal.spec().directoryUrl(), null, null, null));
                addRecorded(found, renewal.attempts());
            }
        }
        met.forEach(outage -> found.put(outage.directoryUrl(), outage));
        return List.copyOf(found.values());
    }

    private void addRecorded(Map<String, CaStatus> found, Attempts attempts) {
        String directoryUrl = attempts.unreachableCa();
        Instant next = attempts.nextAttempt();
        if (directoryUrl == null || next == null || !next.isAfter(now)) {
            return;
        }
        String problem = attempts.lastProblem() == null ? "no answer" : OneLine.of(attempts.lastProblem());
        found.merge(
                directoryUrl,
                new CaStatus(directoryUrl, problem, null, next),
                (before, recorded) ->
                        before.nextAttempt() == null || next.isBefore(before.nextAttempt()) ? recorded : before);
    }
}
