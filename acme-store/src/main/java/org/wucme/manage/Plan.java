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
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What is to be done about all certificates at one moment, and when to look again. A pure function: no clock, no I/O, and no
 * randomness but what it is given.
 *
 * @param decisions for each certificate that something is to be done about, by its name; those to be renewed last, the one
 *     that expires first before the others. What is due and has to wait for its names is there too
 * @param waits for each other certificate, until when nothing is to be done; of a run that is made once, else empty
 * @param nextWake when to look again; earlier does no harm
 */
record Plan(Map<String, RenewalDecision> decisions, Map<String, RenewalDecision.Wait> waits, Instant nextWake) {

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
        Planning planning = new Planning(state.certificates(), state.inProgress(), now);
        // Nearly all of ten thousand certificates wait, and only the first to be due matters.
        return planning.plan(state.inProgress(), certificate -> regular, regular, (name, wait) -> {});
    }

    /**
     * What a run that is made once does next.
     *
     * @param done the names of those that the run is done with; only their failures that were written down count
     * @param interval how long until the next run
     */
    static Plan ofRun(List<CertificateState> certificates, Set<String> done, WakeInterval interval, Instant now) {
        Planning planning = new Planning(certificates, Set.of(), now);
        Map<String, RenewalDecision.Wait> waits = new LinkedHashMap<>();
        Plan plan = planning.plan(done, certificate -> interval.nextWake(certificate, now), Instant.MAX, waits::put);
        return new Plan(plan.decisions(), waits, plan.nextWake());
    }

    private record Planning(List<CertificateState> certificates, Set<String> inProgress, Instant now) {

        Plan plan(
                Set<String> except,
                Function<CertificateState, Instant> nextWake,
                Instant regular,
                BiConsumer<String, RenewalDecision.Wait> waits) {
            Map<String, RenewalDecision> decisions = new LinkedHashMap<>();
            Instant wake = regular;
            List<CertificateState> questions = new ArrayList<>();
            List<CertificateState> due = new ArrayList<>();
            for (CertificateState certificate : certificates) {
                if (except.contains(certificate.name())) {
                    continue;
                }
                RenewalDecision decision = RenewalRule.decide(certificate, now, nextWake.apply(certificate));
                if (decision instanceof RenewalDecision.Renew) {
                    due.add(certificate);
                } else if (decision instanceof RenewalDecision.AskRenewalInfo) {
                    questions.add(certificate);
                } else if (decision instanceof RenewalDecision.Wait wait) {
                    waits.accept(certificate.name(), wait);
                    wake = earliest(wake, wait);
                } else {
                    decisions.put(certificate.name(), decision);
                }
            }
            decisions.putAll(withinBudget(questions, due));
            for (RenewalDecision decision : decisions.values()) {
                wake = earliest(wake, decision);
            }
            Instant soonest = now.plus(SHORTEST_SLEEP);
            return new Plan(decisions, Map.of(), wake.isBefore(soonest) ? soonest : wake);
        }

        // The answer may be that it is due: what must not be renewed need not be asked for.
        private Map<String, RenewalDecision> withinBudget(
                List<CertificateState> questions, List<CertificateState> due) {
            Map<String, RenewalDecision> decisions = new LinkedHashMap<>();
            if (questions.isEmpty() && due.isEmpty()) {
                return decisions;
            }
            AuthorizationBudget budget = new AuthorizationBudget(certificates, inProgress, now);
            questions.forEach(certificate -> decisions.put(
                    certificate.name(),
                    budget.exhaustedUntil(certificate)
                            .<RenewalDecision>map(RenewalDecision.Wait::new)
                            .orElseGet(RenewalDecision.AskRenewalInfo::new)));
            due.sort(Comparator.comparing(Plan::endOf));
            due.forEach(certificate -> decisions.put(certificate.name(), Plan.withinBudget(certificate, budget)));
            return decisions;
        }
    }

    private static RenewalDecision withinBudget(CertificateState due, AuthorizationBudget budget) {
        Optional<Instant> exhausted = budget.exhaustedUntil(due);
        if (exhausted.isPresent()) {
            return new RenewalDecision.Wait(exhausted.get());
        }
        budget.spend(due);
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
