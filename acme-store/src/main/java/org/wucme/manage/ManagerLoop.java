package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Deadline;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.ActiveManager;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoreMovedException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;

/**
 * Keeps the certificates of a store fresh until it is closed: one thread plans and sleeps, a few others do what was planned.
 * It is active only while no other manager is; else it stands by. Nothing but closing ends it.
 */
final class ManagerLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManagerLoop.class);

    // By the monotonic clock, whatever the wall clock does meanwhile.
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(200);
    private static final Duration BETWEEN_GLANCES = Duration.ofSeconds(5);
    // A glance at ten thousand takes some 40 ms.
    private static final Duration PAUSE_PER_CERTIFICATE = Duration.ofMillis(1);
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);
    private static final Duration STANDBY = Duration.ofSeconds(1);
    // Whoever asks who is active holds the lock for as long as that takes.
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final CertificateStore store;
    private final Renewals renewals;
    private final Means means;
    private final Map<String, CertificateSpec> wanted;
    private final Set<String> inProgress = ConcurrentHashMap.newKeySet();
    private final Map<String, Hold> holds = new ConcurrentHashMap<>();
    private final PassSummary summary = new PassSummary();
    private final Semaphore news = new Semaphore(0);
    private final Workers workers;
    private final Deployer deployer;
    private final Thread planner = Listener.daemon(this::run, "certificate manager");
    private Map<String, String> seen = Map.of();
    // What was in the store without a certificate at the last look: a request that is gone was taken back.
    private final Set<String> requested = new HashSet<>();
    // Requested anew at the start, while another process was at work on them.
    private final Set<String> unmanaged = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /**
     * What it works with.
     *
     * @param planning what planning goes by
     * @param atOnce how many certificates of each CA are worked on at once
     * @param activeLock makes it the active manager
     * @param deployments what is carried out with certificates
     * @param settings tells which backoffs came from settings that have changed since
     */
    record Means(
            Clock clock,
            RandomGenerator random,
            PlanSettings planning,
            int atOnce,
            ActiveLock activeLock,
            DeploymentRuns deployments,
            Backoffs backoffs,
            SettingsDigest settings,
            Consumer<ManagerEvent> events) {}

    /**
     * A backoff that is in no record; {@code unreachableCa} is as in a record.
     *
     * @param directoryUrl of the CA that is asked
     * @param account the URL of the account there; empty if there is none
     */
    private record Hold(
            int failures, Instant until, @Nullable String unreachableCa, String directoryUrl, String account) {}

    /**
     * For a store.
     *
     * @param wanted what is to be obtained if it is missing, by the name in the store
     * @param unmanaged which of them were unmanaged, and are still to be managed again
     */
    ManagerLoop(
            CertificateStore store,
            Renewals renewals,
            Map<String, CertificateSpec> wanted,
            Set<String> unmanaged,
            Means means) {
        this.store = store;
        this.renewals = renewals;
        this.wanted = new ConcurrentHashMap<>(wanted);
        this.unmanaged.addAll(unmanaged);
        this.means = means;
        this.workers = new Workers(means.atOnce());
        this.deployer = new Deployer(means.deployments(), means.clock(), this::lookAgain, this::reportTrouble);
    }

    void start() {
        planner.start();
    }

    /** Says that something may have to be done. */
    void lookAgain() {
        news.release();
    }

    /** Leaves a certificate alone that was to be obtained. */
    void stopRequesting(String name) {
        wanted.remove(name);
        unmanaged.remove(name);
        holds.remove(name);
    }

    /** Forgets what failures hold back, but for what records say. */
    void releaseHolds() {
        holds.clear();
        lookAgain();
    }

    /** Ends all that is in progress; what was ordered is gone on with by the next manager. */
    @Override
    public void close() {
        isClosed = true;
        planner.interrupt();
        workers.close();
        deployer.close();
        Deadline end = Deadline.after(CLOSING);
        try {
            planner.join(CLOSING.toMillis());
            // Once more, since the planner may just have made some.
            workers.close();
            workers.awaitEnd(end);
            deployer.awaitEnd(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean wasStandby = false;
        while (!isClosed) {
            try (Lease active = becomeActive(means.activeLock())) {
                if (active != null) {
                    means.events().accept(new ManagerEvent.BecameActive());
                    work();
                } else if (!wasStandby) {
                    means.events().accept(new ManagerEvent.BecameStandby(owner()));
                }
                wasStandby = active == null;
                rest(STANDBY);
            } catch (IOException | RuntimeException | Error e) {
                reportTrouble(e);
                rest(AFTER_TROUBLE);
            }
        }
    }

    /** Takes the lock of the active manager; null if another one has it. */
    static @Nullable Lease becomeActive(ActiveLock lock) throws IOException {
        return lock.acquire(MOMENT).orElse(null);
    }

    /** Does without the lock where another one has it, or it cannot be had: it is for those who respect it, and those who ask. */
    static ActiveLock orWithout(ActiveLock lock) {
        Lease none = new NoLease();
        return patience -> {
            try {
                return Optional.of(lock.acquire(patience).orElse(none));
            } catch (IOException e) {
                LOG.debug("active without the lock", Trace.of(e));
                return Optional.of(none);
            }
        };
    }

    private ActiveManager owner() throws IOException {
        return store.active().orElse(ActiveManager.UNKNOWN);
    }

    private void work() {
        attempt(this::recordSettings);
        attempt(() -> means.backoffs().endRefused(this::settingsDigest));
        while (!isClosed) {
            Duration pause = AFTER_TROUBLE;
            try {
                pause = look();
            } catch (IOException | RuntimeException | Error e) {
                reportTrouble(e);
            }
            sleep(pause);
        }
    }

    private void manageAgain(String name) throws IOException {
        CertificateSpec requested = wanted.get(name);
        if (requested == null || renewals.manageAgain(name, requested)) {
            unmanaged.remove(name);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | Error e) {
            reportTrouble(e);
        }
    }

    private void recordSettings() throws IOException {
        for (StoredCertificate stored : store.list()) {
            CertificateSpec requested = wanted.get(stored.name());
            if (requested != null && Renewals.isManaged(stored) && SettingsUpdate.isNeeded(stored, requested)) {
                attempt(() -> recordSettings(stored, requested));
            }
        }
    }

    private void recordSettings(StoredCertificate stored, CertificateSpec requested) throws IOException {
        try (Lease lock = renewals.lock(stored.name())) {
            new SettingsUpdate(store).record(store.load(stored.name()).orElse(stored), requested);
        }
    }

    // Whatever it is that nobody can be told of it: the planner goes on.
    private void reportTrouble(Throwable cause) {
        if (isClosed) {
            return;
        }
        try {
            if (Trace.isUnexpected(cause)) {
                LOG.error("the certificate manager goes on after an unexpected error", Trace.of(cause));
            } else {
                LOG.warn("the certificate manager goes on after: {}", Failure.describe(cause));
            }
            means.events().accept(new ManagerEvent.Trouble(cause));
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        }
    }

    private void sleep(Duration wished) {
        Duration pause = wished.compareTo(LONGEST_SLEEP) < 0 ? wished : LONGEST_SLEEP;
        await(() -> awaitNews(pause));
    }

    // Whoever is not active has nothing to glance at.
    private void rest(Duration pause) {
        await(() -> {
            boolean unused = news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private void await(Waiting waiting) {
        if (isClosed) {
            // The interrupt that close() sends is spent already.
            return;
        }
        try {
            // At least a moment, so that many who are done at once are one reason to look again.
            TimeUnit.MILLISECONDS.sleep(SHORTEST_SLEEP.toMillis());
            waiting.run();
            news.drainPermits();
        } catch (InterruptedException e) {
            // Only close() interrupts, and says so.
            LOG.debug("woken to be closed");
        } catch (RuntimeException | Error e) {
            // A glance that fails is a reason to look, but not before a moment has passed.
            LOG.debug("the next look will tell", Trace.of(e));
        }
    }

    private void awaitNews(Duration pause) throws InterruptedException {
        boolean isNew = false;
        Duration left = pause;
        while (!isNew && !left.isNegative()) {
            Duration step = betweenGlances(seen.size());
            Duration slice = left.compareTo(step) < 0 ? left : step;
            left = left.minus(step);
            isNew = news.tryAcquire(slice.toMillis(), TimeUnit.MILLISECONDS) || !glance().equals(seen);
        }
    }

    private static Duration betweenGlances(int certificates) {
        Duration pause = PAUSE_PER_CERTIFICATE.multipliedBy(certificates);
        return pause.compareTo(BETWEEN_GLANCES) < 0 ? BETWEEN_GLANCES : pause;
    }

    // What failed for want of an account is tried as soon as there is one. By directory; empty if there is none.
    private Map<String, String> accountsOfHolds() {
        Map<String, String> accounts = new HashMap<>();
        for (Hold hold : holds.values()) {
            if (!accounts.containsKey(hold.directoryUrl())) {
                accounts.put(hold.directoryUrl(), accountAt(hold.directoryUrl()));
            }
        }
        return accounts;
    }

    // One that cannot be read is none: of the other CAs, it says nothing.
    private String accountAt(String directoryUrl) {
        try {
            return store.loadAccount(directoryUrl)
                    .map(StoredAccount::accountUrl)
                    .orElse("");
        } catch (IOException e) {
            LOG.debug("the account at {} cannot be read", directoryUrl, Trace.of(e));
            return "";
        }
    }

    // Another process may have stored a certificate.
    private Map<String, String> glance() {
        try {
            Map<String, String> versions = new HashMap<>(store.versions());
            versions.putAll(accountsOfHolds());
            return versions;
        } catch (StoreMovedException e) {
            // A reason to look at once, which reports it.
            return Map.of("", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.debug("the next look will tell", Trace.of(e));
            return seen;
        }
    }

    /** Plans, has it done, and says how long nothing else is to be done. */
    private Duration look() throws IOException {
        unmanaged.forEach(name -> attempt(() -> manageAgain(name)));
        seen = glance();
        // Before the records: what comes to its end after this has not been read too early.
        Set<String> working = Set.copyOf(inProgress);
        Map<String, StoredCertificate> present = new LinkedHashMap<>();
        store.list().forEach(stored -> present.put(stored.name(), stored));
        requestMissing(present);
        present.values().removeIf(stored -> !Renewals.isManaged(stored));
        List<CertificateState> states = new ArrayList<>();
        present.values().forEach(stored -> states.add(stateOf(stored)));
        Map<String, String> accounts = accountsOfHolds();
        holds.values().removeIf(hold -> !hold.account().equals(accounts.getOrDefault(hold.directoryUrl(), "")));
        Instant now = means.clock().instant();
        Duration interval = CheckInterval.of(states);
        Plan plan = Plan.of(new Plan.State(states, busy(working, now), interval, means.random()), now);
        states.stream()
                .filter(state -> !isTriedFirst(state, plan.decisions().get(state.name()), working))
                .forEach(state -> StateAlarms.late(state, now).ifPresent(means.events()));
        summary.found(present.size());
        plan.decisions().forEach((name, decision) -> carryOut(present.get(name), decision, interval));
        Instant wake = earliestOf(unmanaged.isEmpty() ? plan.nextWake() : soon(plan.nextWake(), now), now);
        return Duration.between(now, deployer.begin(present.values(), now, wake));
    }

    private void requestMissing(Map<String, StoredCertificate> present) throws IOException {
        for (Map.Entry<String, CertificateSpec> each : wanted.entrySet()) {
            String name = each.getKey();
            if (!present.containsKey(name) && requested.contains(name)) {
                LOG.info("{} is requested no more, since its record was removed", name);
                stopRequesting(name);
            } else if (!present.containsKey(name)) {
                // A place for what fails to be written down.
                request(name, each.getValue());
                store.load(name).ifPresent(stored -> present.put(name, stored));
            }
        }
        requested.clear();
        present.values().stream()
                .filter(stored -> stored.chain() == null && stored.problem() == null)
                .forEach(stored -> requested.add(stored.name()));
    }

    private void request(String name, CertificateSpec spec) throws IOException {
        try {
            store.saveSpec(name, spec, false, null);
        } catch (StoreConflictException e) {
            LOG.debug("{} was just requested by another process", name, Trace.of(e));
        }
    }

    // What is renewed within seconds, after all ran late, is nothing to wake anybody for.
    private static boolean isTriedFirst(
            CertificateState state, @Nullable RenewalDecision decision, Set<String> working) {
        boolean isTried = working.contains(state.name())
                || decision instanceof RenewalDecision.Renew
                || decision instanceof RenewalDecision.AskRenewalInfo;
        return isTried && (state.renewal() == null || state.renewal().attempts().failures() == 0);
    }

    private CertificateState stateOf(StoredCertificate stored) {
        CertificateState state = CertificateState.of(stored, means.planning());
        RenewalRecord record = recordWanted(stored);
        return record == null ? state : state.toBeObtained(record);
    }

    /** What is to be obtained in the place of what is stored; null if that is what is wanted. */
    private @Nullable RenewalRecord recordWanted(StoredCertificate stored) {
        CertificateSpec spec = wanted.get(stored.name());
        if (spec == null || stored.problem() != null) {
            return null;
        }
        RenewalRecord before = stored.renewal();
        if (stored.chain() == null && before != null) {
            return before.withSpec(spec).withUnmanaged(false);
        }
        return stored.chain() != null && RenewalRule.isFor(stored.chain(), spec) ? null : RenewalRecord.of(spec);
    }

    private Set<String> busy(Set<String> working, Instant now) {
        Set<String> busy = new HashSet<>(working);
        holds.forEach((name, hold) -> {
            if (isHeld(hold, now)) {
                busy.add(name);
            }
        });
        return busy;
    }

    private static boolean isHeld(Hold hold, Instant now) {
        return hold.until().isAfter(now) && !hold.until().isAfter(now.plus(RenewalRule.LONGEST_HOLD));
    }

    private static Instant soon(Instant wake, Instant now) {
        Instant again = now.plus(AFTER_TROUBLE);
        return again.isBefore(wake) ? again : wake;
    }

    private Instant earliestOf(Instant wake, Instant now) {
        return holds.values().stream()
                .filter(hold -> isHeld(hold, now))
                .map(Hold::until)
                .filter(until -> until.isBefore(wake))
                .min(Instant::compareTo)
                .orElse(wake);
    }

    private void carryOut(@Nullable StoredCertificate stored, RenewalDecision decision, Duration interval) {
        if (stored == null || decision instanceof RenewalDecision.Wait) {
            return;
        }
        if (decision instanceof RenewalDecision.NeedsHelp help) {
            means.events().accept(StateAlarms.needsHelp(stored.name(), help.problem()));
        } else if (!isClosed && inProgress.add(stored.name())) {
            summary.begin();
            workers.execute(directoryOf(stored), () -> workOn(stored, interval));
        }
    }

    private String directoryOf(StoredCertificate stored) {
        RenewalRecord renewal = recordInUse(stored);
        return renewal == null ? "" : renewal.spec().directoryUrl();
    }

    private @Nullable RenewalRecord recordInUse(StoredCertificate stored) {
        RenewalRecord record = recordWanted(stored);
        return record == null ? stored.renewal() : record;
    }

    private @Nullable String settingsDigest(StoredCertificate stored) throws IOException {
        RenewalRecord record = recordInUse(stored);
        return record == null ? null : means.settings().of(record.spec());
    }

    private void workOn(StoredCertificate stored, Duration interval) {
        String name = stored.name();
        Outcome outcome = null;
        try {
            outcome = work(stored, interval);
            if (outcome instanceof Outcome.Failed failed) {
                hold(name, failed);
            } else {
                holds.remove(name);
            }
            if (outcome instanceof Outcome.Obtained obtained) {
                String directoryUrl = directoryOf(obtained.certificate());
                holds.values().removeIf(hold -> directoryUrl.equals(hold.unreachableCa()));
            }
        } catch (IOException | RuntimeException | Error e) {
            hold(name, new Outcome.Failed(stored, Failure.asIoException(e), null));
            reportTrouble(e);
        } finally {
            inProgress.remove(name);
            if (!isClosed) {
                summary.end(outcome);
            }
            lookAgain();
        }
    }

    private Outcome work(StoredCertificate stored, Duration interval) throws IOException {
        RenewalRecord record = recordWanted(stored);
        return record == null
                ? renewals.renewIfDue(stored, new WakeInterval(interval))
                : renewals.obtain(stored, record);
    }

    private void hold(String name, Outcome.Failed failed) {
        Instant now = means.clock().instant();
        if (RenewalRule.heldBackUntil(recordInUse(failed.certificate()), now).isAfter(now)) {
            // Whoever changes the record is believed.
            holds.remove(name);
            return;
        }
        Hold before = holds.get(name);
        int failures = before == null ? 1 : before.failures() + 1;
        String directoryUrl = directoryOf(failed.certificate());
        String unreachableCa = Failure.isOutage(failed.cause()) ? directoryUrl : null;
        holds.put(
                name,
                new Hold(
                        failures,
                        heldUntil(failures, failed, now),
                        unreachableCa,
                        directoryUrl,
                        accountAt(directoryUrl)));
    }

    static Instant heldUntil(int failures, Outcome.Failed failed, Instant now) {
        CertificateChain chain = failed.certificate().chain();
        Duration lifetime = chain == null ? null : Validity.of(chain.leaf()).lifetime();
        return FailureBackoff.nextAttempt(failures, failed.cause(), now, lifetime);
    }
}
