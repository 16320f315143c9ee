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
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.CertificateStore;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * The deployments that a manager knows, and how they are carried out with each certificate that lacks them, whoever stored it:
 * in their order, those after a failed one not before it succeeds. What was carried out stands in the renewal record, so that
 * it outlives the process. A manager that knows none leaves all to others. Thread-safe.
 */
final class DeploymentRuns {

    private static final Logger LOG = LoggerFactory.getLogger(DeploymentRuns.class);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));
    private static final Duration LONGEST_PAUSE = PAUSES.get(PAUSES.size() - 1);
    private static final int FAILURES_BEFORE_ALARM = 3;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

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
    DeploymentRuns(
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

    /** When what a certificate lacks is to be carried out; empty if it lacks nothing. */
    Optional<Instant> dueAt(StoredCertificate stored, Instant now) {
        if (!isLacking(stored, now)) {
            return Optional.empty();
        }
        RenewalRecord renewal = stored.renewal();
        DeploymentFailure failure =
                renewal == null ? null : renewal.deployments().failure();
        Instant next = failure == null ? now : failure.nextAttempt();
        // What is further away was written while a clock was wrong.
        return Optional.of(next.isAfter(now.plus(LONGEST_PAUSE)) ? now : next);
    }

    /** Whether something that a certificate lacks is to be carried out now. */
    boolean isDue(StoredCertificate stored) {
        Instant now = clock.instant();
        return dueAt(stored, now).filter(at -> !at.isAfter(now)).isPresent();
    }

    // The record first: of ten thousand certificates, nearly all have what there is.
    private boolean isLacking(StoredCertificate stored, Instant now) {
        if (byName.isEmpty() || hasAll(stored.renewal()) || stored.identifiers().isEmpty()) {
            return false;
        }
        Instant end = stored.notAfter();
        return end != null && now.isBefore(end) && stored.problem() == null;
    }

    // A certificate that was copied into the store has no record until it is deployed.
    private boolean hasAll(@Nullable RenewalRecord renewal) {
        return renewal != null
                && (renewal.unmanaged()
                        || (renewal.deployments().pending().isEmpty()
                                && renewal.deployments().done().containsAll(byName.keySet())));
    }

    private RenewalRecord recordOf(StoredCertificate stored) throws IOException {
        return Objects.requireNonNull(renewals.recordOf(stored));
    }

    private List<String> left(RenewalRecord renewal) {
        return renewal.deployments().missing(byName.keySet());
    }

    /**
     * Carries out what a certificate lacks, as far as it is due and does not fail.
     *
     * @return false if somebody else was at it all the while
     * @throws IOException if the thread was interrupted, or what was done could not be written down
     */
    boolean carryOutDue(String name) throws IOException {
        return underLock(name, lease -> {
            if (store.load(name).filter(this::isDue).isPresent()) {
                carryOutLacking(lease, name);
            }
        });
    }

    /** As {@link #carryOutDue}, even if it failed a moment ago. */
    boolean carryOutNow(String name) throws IOException {
        return underLock(name, lease -> carryOutLacking(lease, name));
    }

    // Whoever has the same to carry out finds it done.
    private boolean underLock(String name, Work work) throws IOException {
        if (byName.isEmpty()) {
            return true;
        }
        try (Lease lock =
                store.lease(LeaseNames.deployments(name), LOCK_PATIENCE).orElse(null)) {
            if (lock != null) {
                work.run(lock);
            }
            return lock != null;
        }
    }

    private void carryOutLacking(Lease lease, String name) throws IOException {
        boolean goesOn = true;
        for (StoredCertificate next = findLacking(name); goesOn && next != null; next = findLacking(name)) {
            goesOn = carryOutNext(lease, next) && lease.isHeld();
        }
    }

    private @Nullable StoredCertificate findLacking(String name) throws IOException {
        Instant now = clock.instant();
        return store.load(name).filter(stored -> isLacking(stored, now)).orElse(null);
    }

    private boolean carryOutNext(Lease lease, StoredCertificate lacking) throws IOException {
        RenewalRecord renewal = recordOf(lacking);
        List<String> left = left(renewal);
        List<String> unknown = renewal.deployments().pending().stream()
                .filter(owed -> !left.contains(owed))
                .toList();
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "{} is owed {}, which is no more, or not here: it is dropped, and left to whoever knows it",
                    lacking.name(),
                    String.join(", ", unknown));
            note(lease, lacking, deployments -> deployments.knowing(byName.keySet()));
            return true;
        }
        return carryOut(lease, left.get(0), lacking);
    }

    private boolean carryOut(Lease lease, String name, StoredCertificate lacking) throws IOException {
        try {
            LOG.info("deploying {}: {}", lacking.location(), name);
            Objects.requireNonNull(byName.get(name)).deploy(lacking);
        } catch (IOException | RuntimeException | Error e) {
            failed(lease, lacking, name, e);
            return false;
        }
        note(lease, lacking, deployments -> deployments.done(name, byName.keySet()));
        events.accept(new ManagerEvent.Deployed(lacking, name));
        return true;
    }

    private void failed(Lease lease, StoredCertificate due, String deployment, Throwable e) throws IOException {
        IOException cause = Failure.asIoException(e);
        if (Thread.currentThread().isInterrupted()) {
            throw cause;
        }
        if (Trace.isUnexpected(e)) {
            LOG.error("unexpected error while {} was deployed by {}", due.name(), deployment, Trace.of(e));
        }
        if (e instanceof Error) {
            events.accept(new ManagerEvent.Trouble(e));
        }
        String problem = deployment + ": " + Failure.describe(e);
        DeploymentFailure before = recordOf(due).deployments().failure();
        int failures = before == null ? 1 : before.failures() + 1;
        Instant next = clock.instant().plus(PAUSES.get(Math.min(failures, PAUSES.size()) - 1));
        DeploymentFailure failure = new DeploymentFailure(failures, problem, next);
        note(lease, due, deployments -> deployments.failed(failure, byName.keySet()));
        events.accept(new ManagerEvent.DeploymentFailed(due, deployment, cause, next));
        if (failures >= FAILURES_BEFORE_ALARM
                && store.load(due.name()).filter(Renewals::isManaged).isPresent()) {
            events.accept(new ManagerEvent.Alarm(
                    due.name(), ManagerEvent.Reason.NOT_DEPLOYED, "failed " + failures + " times: " + problem));
        }
    }

    // What came without a record has one from now on, as a renewal would begin with.
    private void note(Lease lease, StoredCertificate deployed, UnaryOperator<Deployments> change) throws IOException {
        RenewalRecord record = recordOf(deployed);
        if (deployed.renewal() == null) {
            store.saveSpec(deployed.name(), record.spec(), record.unmanaged(), null);
        }
        DeploymentPart.save(store, lease, deployed, change.apply(record.deployments()));
    }

    private interface Work {
        void run(Lease lease) throws IOException;
    }
}
