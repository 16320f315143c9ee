package org.wucme.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.wucme.cli.Span;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.IssuedCertificate;
import org.wucme.store.Attempts;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;

/** What is not as it should be with a certificate. A pure function. */
final class Flaws {

    private final List<Flaw> found = new ArrayList<>();
    private final CertificateStatus status;
    private final Instant now;

    private Flaws(CertificateStatus status, Instant now) {
        this.status = status;
        this.now = now;
    }

    static List<Flaw> of(CertificateStatus status, Instant now) {
        if (!status.isManaged()) {
            return List.of();
        }
        Flaws flaws = new Flaws(status, now);
        IssuedCertificate issued = status.issued();
        if (status.problem() != null) {
            flaws.add(Health.FAILING, status.problem());
        }
        if (issued != null) {
            flaws.lookAtLife(issued);
        } else if (status.problem() == null) {
            flaws.lookAtMissing();
        }
        flaws.lookAtRenewal();
        return List.copyOf(flaws.found);
    }

    private void add(Health health, String text) {
        found.add(new Flaw(health, text, null));
    }

    private void lookAtMissing() {
        add(
                hasFailed() ? Health.FAILING : Health.ATTENTION,
                "it has not been issued yet: \"wucme issue\" with its hosts tries again, \"wucme forget "
                        + status.name() + "\" drops the request");
    }

    private void lookAtLife(IssuedCertificate life) {
        switch (status.state()) {
            case NOT_YET_VALID ->
                add(
                        Health.FAILING,
                        "it is not valid before " + Span.words(Duration.between(now, life.notBefore()))
                                + " from now: is the clock of this machine right?");
            case EXPIRED -> add(Health.FAILING, "it expired " + since(life.notAfter()) + " ago");
            case EXPIRES_SOON ->
                add(
                        Health.FAILING,
                        "it expires in " + Span.words(Duration.between(now, life.notAfter())) + " and is not renewed");
            case LATE -> lookAtLate(life.renewal().due());
            case NOT_ISSUED, UNREADABLE, CURRENT, DUE -> {}
        }
    }

    private void lookAtLate(Instant due) {
        if (!hasFailed()) {
            add(
                    Health.ATTENTION,
                    "it has been due for " + since(due) + ", and nobody has tried to renew it: does an agent run, or"
                            + " \"wucme manage\" every day?");
        }
    }

    private void lookAtRenewal() {
        Attempts attempts = status.attempts();
        if (hasFailed()) {
            String words = attempts.lastProblem();
            found.add(new Flaw(
                    Health.ATTENTION,
                    "the last " + attempts(attempts.failures()) + " failed" + (words == null ? "" : ": " + words),
                    attempts.nextAttempt()));
        }
        if (status.origin().keyCompromised()) {
            add(Health.ATTENTION, "its key is compromised: it is to be renewed at once, with another one");
        }
        if (!status.deployments().pending().isEmpty()) {
            lookAtDeployments(status.deployments());
        }
    }

    private void lookAtDeployments(Deployments deployments) {
        String owed = "still to be carried out: " + String.join(", ", deployments.pending());
        DeploymentFailure failure = deployments.failure();
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

    private boolean hasFailed() {
        return status.attempts().failures() > 0;
    }
}
