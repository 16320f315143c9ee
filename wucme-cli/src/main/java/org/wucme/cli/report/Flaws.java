package org.wucme.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.Span;
import org.wucme.manage.RenewalDecision;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** What is not as it should be with a certificate. A pure function. */
final class Flaws {

    // A daily run that looks just before a certificate is due renews it a day later.
    private static final Duration USUAL_DELAY = Duration.ofHours(26);
    private static final int DELAY_PART = 5;

    private final List<Flaw> found = new ArrayList<>();
    private final Instant now;

    private Flaws(Instant now) {
        this.now = now;
    }

    static List<Flaw> of(StoredCertificate stored, @Nullable Life life, Instant now) {
        RenewalRecord renewal = stored.renewal();
        String problem = stored.problem();
        if (renewal != null && renewal.unmanaged()) {
            return List.of();
        }
        Flaws flaws = new Flaws(now);
        if (problem != null) {
            flaws.add(Health.FAILING, problem);
        }
        if (life != null) {
            flaws.lookAtLife(life, renewal);
        } else if (problem == null) {
            flaws.lookAtMissing(stored.name(), renewal);
        }
        if (renewal != null) {
            flaws.lookAtRenewal(renewal);
        }
        return List.copyOf(flaws.found);
    }

    private void add(Health health, String text) {
        found.add(new Flaw(health, text, null));
    }

    private void lookAtMissing(String name, @Nullable RenewalRecord renewal) {
        boolean hasFailed = renewal != null && renewal.attempts().failures() > 0;
        add(
                hasFailed ? Health.FAILING : Health.ATTENTION,
                "it has not been issued yet: \"wucme issue\" with its hosts tries again, \"wucme forget " + name
                        + "\" drops the request");
    }

    private void lookAtLife(Life life, @Nullable RenewalRecord renewal) {
        Instant due = life.renewal().due();
        if (now.isBefore(life.notBefore())) {
            add(
                    Health.FAILING,
                    "it is not valid before " + Span.words(Duration.between(now, life.notBefore()))
                            + " from now: is the clock of this machine right?");
        } else if (!now.isBefore(life.notAfter())) {
            add(Health.FAILING, "it expired " + since(life.notAfter()) + " ago");
        } else if (now.isAfter(RenewalDecision.alarmAt(life.notBefore(), life.notAfter()))) {
            add(
                    Health.FAILING,
                    "it expires in " + Span.words(Duration.between(now, life.notAfter())) + " and is not renewed");
        } else if (!hasFailed(renewal) && now.isAfter(due.plus(delay(life)))) {
            add(
                    Health.ATTENTION,
                    "it has been due for " + since(due) + ", and nobody has tried to renew it: does an agent run, or"
                            + " \"wucme manage\" every day?");
        }
    }

    private void lookAtRenewal(RenewalRecord renewal) {
        if (hasFailed(renewal)) {
            String words = renewal.attempts().lastProblem();
            found.add(new Flaw(
                    Health.ATTENTION,
                    "the last " + attempts(renewal.attempts().failures()) + " failed"
                            + (words == null ? "" : ": " + words),
                    renewal.attempts().nextAttempt()));
        }
        if (renewal.origin().keyCompromised()) {
            add(Health.ATTENTION, "its key is compromised: it is to be renewed at once, with another one");
        }
        if (!renewal.deployments().pending().isEmpty()) {
            lookAtDeployments(renewal);
        }
    }

    private void lookAtDeployments(RenewalRecord renewal) {
        String owed = "still to be carried out: "
                + String.join(", ", renewal.deployments().pending());
        DeploymentFailure failure = renewal.deployments().failure();
        found.add(
                failure == null
                        ? new Flaw(Health.ATTENTION, owed, null)
                        : new Flaw(
                                Health.ATTENTION,
                                owed + "; the last " + attempts(failure.failures()) + " failed: " + failure.problem(),
                                failure.nextAttempt()));
    }

    private static String attempts(int count) {
        return count == 1 ? "attempt" : count + " attempts";
    }

    private String since(Instant moment) {
        return Span.words(Duration.between(moment, now));
    }

    private static boolean hasFailed(@Nullable RenewalRecord renewal) {
        return renewal != null && renewal.attempts().failures() > 0;
    }

    private static Duration delay(Life life) {
        Duration part = life.length().dividedBy(DELAY_PART);
        return part.compareTo(USUAL_DELAY) < 0 ? part : USUAL_DELAY;
    }
}
