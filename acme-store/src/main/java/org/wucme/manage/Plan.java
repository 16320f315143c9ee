package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about all certificates at one moment, and when to look again. A pure function: no clock, no I/O, and no
 * randomness but what it is given.
 *
 * @param decisions for each certificate that something is to be done about, by its name; those to be renewed last, the one
 *     that expires first before the others. What is due and has to wait for its names is there too
 * @param nextWake when to look again; earlier does no harm
 */
record Plan(Map<String, RenewalDecision> decisions, Instant nextWake) {

    private static final Duration SHORTEST_SLEEP = Duration.ofSeconds(1);
    private static final double JITTER = 0.2;

    /**
     * What planning looks at.
     *
     * @param certificates all that there are
     * @param inProgress the names of those that are being worked on
     * @param interval how long until the next look at most
     * @param random spreads the looks
     */
    record State(
            List<CertificateState> certificates, Set<String> inProgress, Duration interval, RandomGenerator random) {}

    static Plan of(State state, Instant now) {
        Instant regular = now.plus(jittered(state.interval(), state.random()));
        Instant wake = regular;
        Map<String, RenewalDecision> decisions = new LinkedHashMap<>();
        List<CertificateState> due = new ArrayList<>();
        for (CertificateState certificate : state.certificates()) {
            if (state.inProgress().contains(certificate.name())) {
                continue;
            }
            RenewalDecision decision = RenewalRule.decide(certificate, now, regular);
            wake = earliest(wake, decision);
            if (decision instanceof RenewalDecision.Renew) {
                due.add(certificate);
            } else if (!(decision instanceof RenewalDecision.Wait)) {
                decisions.put(certificate.name(), decision);
            }
        }
        AuthorizationBudget budget =
                due.isEmpty() ? null : new AuthorizationBudget(state.certificates(), state.inProgress(), now);
        due.sort(Comparator.comparing(Plan::endOf));
        for (CertificateState certificate : due) {
            RenewalDecision decision = withinBudget(certificate, budget);
            decisions.put(certificate.name(), decision);
            wake = earliest(wake, decision);
        }
        Instant soonest = now.plus(SHORTEST_SLEEP);
        return new Plan(decisions, wake.isBefore(soonest) ? soonest : wake);
    }

    private static RenewalDecision withinBudget(CertificateState due, @Nullable AuthorizationBudget budget) {
        Optional<Instant> exhausted = budget == null ? Optional.empty() : budget.exhaustedUntil(due);
        if (exhausted.isPresent()) {
            return new RenewalDecision.Wait(exhausted.get());
        }
        if (budget != null) {
            budget.spend(due);
        }
        return new RenewalDecision.Renew();
    }

    private static Instant earliest(Instant wake, RenewalDecision decision) {
        return decision instanceof RenewalDecision.Wait wait && wait.until().isBefore(wake) ? wait.until() : wake;
    }

    private static Instant endOf(CertificateState certificate) {
        Validity validity = certificate.validity();
        return validity == null ? Instant.MIN : validity.end();
    }

    private static Duration jittered(Duration interval, RandomGenerator random) {
        return interval.minusNanos((long) (interval.toNanos() * JITTER * random.nextDouble()));
    }
}
