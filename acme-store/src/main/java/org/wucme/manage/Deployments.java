package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateStore;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreLock;
import org.wucme.store.StoredCertificate;

/**
 * The deployments that a manager knows, and how those that are owed are carried out: in their order, those after a failed one
 * not before it succeeds. What is owed stands in the renewal record, so that it outlives the process. A manager that knows
 * none leaves to others what is owed. Thread-safe.
 */
final class Deployments {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));
    private static final Duration LONGEST_PAUSE = PAUSES.get(PAUSES.size() - 1);
    private static final int FAILURES_BEFORE_ALARM = 3;

    private final Map<String, Deployment> byName;
    private final CertificateStore store;
    private final Renewals renewals;
    private final Clock clock;
    private final Consumer<ManagerEvent> events;

    /**
     * For a store.
     *
     * @param byName in the order in which they are carried out
     */
    Deployments(
            Map<String, Deployment> byName,
            CertificateStore store,
            Renewals renewals,
            Clock clock,
            Consumer<ManagerEvent> events) {
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        this.store = store;
        this.renewals = renewals;
        this.clock = clock;
        this.events = events;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** When what is owed is to be carried out; empty if nothing is. */
    Optional<Instant> dueAt(StoredCertificate stored, Instant now) {
        RenewalRecord renewal = byName.isEmpty() ? null : stored.renewal();
        if (renewal == null || renewal.deploymentsOwed().isEmpty() || stored.chain() == null) {
            return Optional.empty();
        }
        DeploymentFailure failure = renewal.deploymentFailure();
        Instant next = failure == null ? now : failure.nextAttempt();
        // What is further away was written while a clock was wrong.
        return Optional.of(next.isAfter(now.plus(LONGEST_PAUSE)) ? now : next);
    }

    /**
     * Carries out what is owed to a certificate, as far as it is due and does not fail.
     *
     * @throws IOException if the thread was interrupted, or what was done could not be written down
     */
    void carryOut(String name) throws IOException {
        boolean goesOn = true;
        for (StoredCertificate due = findDue(name); goesOn && due != null; due = findDue(name)) {
            goesOn = carryOutNext(due);
        }
    }

    private @Nullable StoredCertificate findDue(String name) throws IOException {
        Instant now = clock.instant();
        return store.load(name)
                .filter(stored ->
                        dueAt(stored, now).filter(at -> !at.isAfter(now)).isPresent())
                .orElse(null);
    }

    private boolean carryOutNext(StoredCertificate due) throws IOException {
        List<String> owed = Objects.requireNonNull(due.renewal()).deploymentsOwed();
        String next =
                byName.keySet().stream().filter(owed::contains).findFirst().orElse(owed.get(0));
        Deployment deployment = byName.get(next);
        if (deployment == null) {
            LOG.warn("{} is owed the deployment \"{}\", which is no more: it is dropped", due.name(), next);
            note(due, renewal -> RecordChanges.deployed(renewal, next));
            return true;
        }
        try {
            LOG.info("deploying {}: {}", due.location(), next);
            deployment.deploy(due);
        } catch (IOException | RuntimeException | Error e) {
            failed(due, next, e);
            return false;
        }
        note(due, renewal -> RecordChanges.deployed(renewal, next));
        events.accept(new ManagerEvent.Deployed(due, next));
        return true;
    }

    private void failed(StoredCertificate due, String deployment, Throwable e) throws IOException {
        IOException cause = e instanceof IOException io ? io : new IOException(e.toString(), e);
        if (Thread.currentThread().isInterrupted()) {
            throw cause;
        }
        if (e instanceof Error) {
            events.accept(new ManagerEvent.Trouble(e));
        }
        String problem = deployment + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        DeploymentFailure before = Objects.requireNonNull(due.renewal()).deploymentFailure();
        int failures = before == null ? 1 : before.failures() + 1;
        Instant next = clock.instant().plus(PAUSES.get(Math.min(failures, PAUSES.size()) - 1));
        DeploymentFailure failure = new DeploymentFailure(failures, problem, next);
        note(due, renewal -> RecordChanges.deploymentFailed(renewal, failure));
        events.accept(new ManagerEvent.DeploymentFailed(due, deployment, cause, next));
        if (failures >= FAILURES_BEFORE_ALARM) {
            events.accept(new ManagerEvent.Alarm(
                    due.name(), ManagerEvent.Reason.NOT_DEPLOYED, "failed " + failures + " times: " + problem));
        }
    }

    // Under the certificate's lock, since a renewal writes the same record. A newer certificate owes what it owes.
    private void note(StoredCertificate deployed, UnaryOperator<RenewalRecord> change) throws IOException {
        try (StoreLock lock = renewals.lock(deployed.name())) {
            StoredCertificate present = store.load(deployed.name()).orElse(null);
            RenewalRecord renewal = present == null ? null : present.renewal();
            if (present != null && renewal != null && haveSameLeaf(present, deployed)) {
                store.saveRenewal(present.name(), change.apply(renewal));
            }
        }
    }

    private static boolean haveSameLeaf(StoredCertificate one, StoredCertificate other) {
        CertificateChain first = one.chain();
        CertificateChain second = other.chain();
        return first != null && second != null && first.leaf().equals(second.leaf());
    }
}
