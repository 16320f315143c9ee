package org.wucme.manage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Deadline;
import org.wucme.store.CertificateStore;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * Renews all due certificates of a store once, in parallel at each CA. The store is listed once; a certificate that waits for
 * the authorization budget is planned again after those before it, from their outcomes.
 */
final class OneTimeRun {

    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final CertificateStore store;
    private final Renewals renewals;
    private final WakeInterval interval;
    private final Clock clock;
    private final PlanSettings planning;
    private final int atOnce;
    private final Map<String, StoredCertificate> present = new LinkedHashMap<>();
    private final Map<String, Outcome> outcomes = new HashMap<>();

    /**
     * A run that has not begun.
     *
     * @param atOnce how many certificates of each CA are renewed in parallel
     */
    OneTimeRun(
            CertificateStore store,
            Renewals renewals,
            WakeInterval interval,
            Clock clock,
            PlanSettings planning,
            int atOnce) {
        this.store = store;
        this.renewals = renewals;
        this.interval = interval;
        this.clock = clock;
        this.planning = planning;
        this.atOnce = atOnce;
    }

    /**
     * Renews, and waits for all of it. To be called once.
     *
     * @return one outcome for each managed certificate, in the order of the store
     * @throws IOException if the store cannot be read, the thread was interrupted, or the manager was closed
     */
    List<Outcome> run() throws IOException {
        for (StoredCertificate stored : store.list()) {
            if (Renewals.isManaged(stored)) {
                present.put(stored.name(), stored);
            }
        }
        renewDue();
        if (reopenReleased()) {
            renewDue();
        }
        return present.keySet().stream().map(outcomes::get).toList();
    }

    private void renewDue() throws IOException {
        while (outcomes.size() < present.size()) {
            Plan plan = plan();
            List<StoredCertificate> due = plan.decisions().entrySet().stream()
                    .filter(each -> isWork(each.getValue()))
                    .map(each -> present.get(each.getKey()))
                    .toList();
            noteAllBut(due, plan);
            if (!due.isEmpty()) {
                carryOut(due);
            }
        }
    }

    private Plan plan() {
        List<CertificateState> states = present.values().stream()
                .map(stored -> CertificateState.of(stored, planning))
                .toList();
        return Plan.ofRun(states, Set.copyOf(outcomes.keySet()), interval, clock.instant());
    }

    private static boolean isWork(RenewalDecision decision) {
        return decision instanceof RenewalDecision.Renew || decision instanceof RenewalDecision.AskRenewalInfo;
    }

    // Those that are due and wait for the budget are planned again, as long as others are being worked on.
    private void noteAllBut(List<StoredCertificate> due, Plan plan) {
        note(plan.waits());
        Map<String, RenewalDecision> rest = new LinkedHashMap<>(plan.decisions());
        rest.values()
                .removeIf(decision -> isWork(decision) || (decision instanceof RenewalDecision.Wait && !due.isEmpty()));
        note(rest);
    }

    private void note(Map<String, ? extends RenewalDecision> decisions) {
        decisions.forEach((name, decision) -> {
            StoredCertificate stored = present.get(name);
            Outcome outcome = stored == null ? null : Renewals.withoutWork(stored, decision);
            if (outcome != null) {
                outcomes.put(name, outcome);
            }
        });
    }

    private void carryOut(List<StoredCertificate> due) throws IOException {
        Map<String, Outcome> done = new InParallel(due).await();
        done.forEach((name, outcome) -> {
            outcomes.put(name, outcome);
            present.put(name, outcome.certificate());
        });
    }

    // It was passed over, or failed, before another one found that its CA answers again.
    private boolean reopenReleased() throws IOException {
        boolean isAny = false;
        for (Outcome outcome : List.copyOf(outcomes.values())) {
            StoredCertificate released = releasedSince(outcome);
            if (released != null) {
                outcomes.remove(released.name());
                present.put(released.name(), released);
                isAny = true;
            }
        }
        return isAny;
    }

    private @Nullable StoredCertificate releasedSince(Outcome outcome) throws IOException {
        StoredCertificate stored = outcome.certificate();
        RenewalRecord failed = outcome instanceof Outcome.Obtained ? null : stored.renewal();
        if (failed == null || failed.attempts().unreachableCa() == null) {
            return null;
        }
        StoredCertificate now = store.load(stored.name()).orElse(stored);
        RenewalRecord record = now.renewal();
        return record != null && !record.unmanaged() && record.attempts().nextAttempt() == null ? now : null;
    }

    /** Some certificates, worked on by the threads of their CAs. The first exception ends the work on all of them. */
    private final class InParallel {

        private final List<StoredCertificate> due;
        private final Workers workers = new Workers(atOnce);
        private final Map<String, Outcome> done = new ConcurrentHashMap<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final AtomicInteger remaining;
        private final AtomicBoolean isWorkerInterrupted = new AtomicBoolean();

        InParallel(List<StoredCertificate> due) {
            this.due = new ArrayList<>(due);
            this.remaining = new AtomicInteger(due.size());
        }

        Map<String, Outcome> await() throws IOException {
            try {
                due.forEach(stored -> workers.execute(directoryOf(stored), () -> workOn(stored)));
                end.get();
                return done;
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
                throw interrupted(e);
            } catch (ExecutionException e) {
                stop();
                if (isWorkerInterrupted.get()) {
                    Thread.currentThread().interrupt();
                }
                throw rethrown(e.getCause());
            } finally {
                workers.close();
            }
        }

        private void workOn(StoredCertificate stored) {
            if (end.isDone()) {
                return;
            }
            try {
                done.put(stored.name(), renewals.renewIfDue(stored, interval));
                if (remaining.decrementAndGet() == 0) {
                    end.complete(null);
                }
            } catch (IOException | RuntimeException | Error e) {
                if (!end.isDone()) {
                    isWorkerInterrupted.set(Thread.currentThread().isInterrupted());
                }
                end.completeExceptionally(e);
            }
        }

        private void stop() {
            workers.close();
            try {
                workers.awaitEnd(Deadline.after(STOPPING));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String directoryOf(StoredCertificate stored) {
        RenewalRecord renewal = stored.renewal();
        return renewal == null ? "" : renewal.spec().directoryUrl();
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        InterruptedIOException exception = new InterruptedIOException("interrupted while certificates were renewed");
        exception.initCause(cause);
        return exception;
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException exception) {
            throw exception;
        }
        return cause instanceof IOException exception ? exception : new IOException(cause);
    }
}
