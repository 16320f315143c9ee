package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeClockException;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;

/** Does for one certificate what was planned, if it is still to be done once the certificate's lock is held. Thread-safe. */
final class Renewals {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private final CertificateStore store;
    private final Issuing issuing;
    private final Clock clock;
    private final PlanSettings planning;
    private final Consumer<ManagerEvent> events;

    /**
     * For a store.
     *
     * @param planning what planning goes by
     */
    Renewals(
            CertificateStore store,
            Issuing issuing,
            Clock clock,
            PlanSettings planning,
            Consumer<ManagerEvent> events) {
        this.store = store;
        this.issuing = issuing;
        this.clock = clock;
        this.planning = planning;
        this.events = events;
    }

    /**
     * Asks and renews if that is due. A failure is an outcome, too.
     *
     * @param interval how long until the certificate is looked at again
     * @throws IOException if the thread was interrupted, or the store cannot be read
     */
    Outcome renewIfDue(StoredCertificate stored, WakeInterval interval) throws IOException {
        try (Lease lock = lock(stored.name())) {
            return renew(lock, stored.name(), interval);
        } catch (IOException | RuntimeException | Error e) {
            return failed(stored, e);
        }
    }

    /** Obtains a certificate as the record says, whatever is there now. A failure is an outcome, too. */
    Outcome obtain(StoredCertificate stored, RenewalRecord wanted) throws IOException {
        try (Lease lock = lock(stored.name())) {
            StoredCertificate present = store.load(stored.name()).orElse(null);
            // Another thread or process may have stopped managing it meanwhile.
            if (present == null || !isManaged(present)) {
                return new Outcome.Current(stored, clock.instant());
            }
            return obtain(lock, stored.name(), wanted, present);
        } catch (IOException | RuntimeException | Error e) {
            return failed(stored, e);
        }
    }

    /**
     * Manages again what is requested anew, though it was unmanaged. Waits for no lock.
     *
     * @return false if another thread or process is at work on it: to be tried again
     */
    boolean manageAgain(String name, CertificateSpec requested) throws IOException {
        if (store.load(name).filter(stored -> !isManaged(stored)).isEmpty()) {
            return true;
        }
        try (Lease lock =
                store.lease(LeaseNames.certificate(name), Duration.ZERO).orElse(null)) {
            StoredCertificate present = lock == null ? null : store.load(name).orElse(null);
            if (present != null) {
                new SettingsUpdate(store).record(present, requested);
            }
            return lock != null;
        }
    }

    Lease lock(String name) throws IOException {
        return store.lease(LeaseNames.certificate(name), LOCK_PATIENCE)
                .orElseThrow(() ->
                        new StoreException("another process is at work on " + name + "; try again when it is done"));
    }

    /** The record of a certificate, or the one that a renewal would begin with; null if it has no identifiers. */
    @Nullable
    RenewalRecord recordOf(StoredCertificate stored) throws IOException {
        return issuing.renewalOf(stored);
    }

    /** Whether a certificate is to be renewed and deployed. */
    static boolean isManaged(StoredCertificate stored) {
        RenewalRecord renewal = stored.renewal();
        return renewal == null || !renewal.unmanaged();
    }

    /** What there is to say of a certificate for which nothing is to be done; null if something is. */
    static @Nullable Outcome withoutWork(StoredCertificate stored, RenewalDecision decision) {
        if (decision instanceof RenewalDecision.NeedsHelp help) {
            return new Outcome.NeedsHelp(stored, help.problem());
        }
        return decision instanceof RenewalDecision.Wait wait ? new Outcome.Current(stored, wait.until()) : null;
    }

    // Somebody else may have renewed while we waited for the lock: look again.
    private Outcome renew(Lease lock, String name, WakeInterval interval) throws IOException {
        StoredCertificate present =
                store.load(name).orElseThrow(() -> new StoreException(name + " has vanished from the store"));
        if (!isManaged(present)) {
            return new Outcome.Current(present, clock.instant());
        }
        RenewalDecision decision = decide(present, interval);
        if (decision instanceof RenewalDecision.AskRenewalInfo) {
            present = issuing.ask(present);
            decision = decide(present, interval);
        }
        Outcome nothingToDo = withoutWork(present, decision);
        if (nothingToDo == null) {
            LOG.info(
                    "renewing {}: {}",
                    name,
                    RenewalRule.reasonFor(CertificateState.of(present, planning), clock.instant()));
        }
        return nothingToDo != null
                ? nothingToDo
                : obtain(lock, name, Objects.requireNonNull(issuing.renewalOf(present)), present);
    }

    private Outcome obtain(Lease lock, String name, RenewalRecord wanted, StoredCertificate present)
            throws IOException {
        Outcome obtained = new Outcome.Obtained(issuing.obtain(lock, name, wanted, present));
        issuing.releaseOutage(wanted);
        return obtained;
    }

    private RenewalDecision decide(StoredCertificate present, WakeInterval interval) {
        Instant now = clock.instant();
        CertificateState state = CertificateState.of(present, planning);
        return RenewalRule.decide(state, now, interval.nextWake(state, now));
    }

    private static boolean isNewer(CertificateChain renewed, @Nullable CertificateChain before) {
        return before == null || !renewed.leaf().equals(before.leaf());
    }

    private Outcome failed(StoredCertificate stored, Throwable e) throws IOException {
        IOException cause = Failure.asIoException(e);
        if (Thread.currentThread().isInterrupted() || issuing.isClosed()) {
            throw cause;
        }
        if (Trace.isUnexpected(e)) {
            LOG.error("unexpected error at {}", stored.name(), Trace.of(e));
        }
        if (e instanceof Error) {
            events.accept(new ManagerEvent.Trouble(e));
        }
        StoredCertificate present = store.load(stored.name()).orElse(stored);
        CertificateChain renewed = present.chain();
        if (e instanceof ReplacedElsewhereException && renewed != null && isNewer(renewed, stored.chain())) {
            LOG.info("{}", e.getMessage());
            return new Outcome.Current(present, RenewalDecision.dueAt(renewed.leaf()));
        }
        RenewalRecord renewal = present.renewal();
        Instant next = renewal == null ? null : renewal.attempts().nextAttempt();
        events.accept(new ManagerEvent.Failed(stored.name(), cause, next));
        if (e instanceof AcmeClockException) {
            events.accept(new ManagerEvent.Alarm(stored.name(), ManagerEvent.Reason.WRONG_CLOCK, Failure.describe(e)));
        }
        if (Failure.isPermanent(e)) {
            String message = "renewal is refused for a reason that does not pass: " + cause.getMessage();
            events.accept(new ManagerEvent.Alarm(stored.name(), ManagerEvent.Reason.PERMANENT_PROBLEM, message));
        }
        return new Outcome.Failed(present, cause, next);
    }
}
