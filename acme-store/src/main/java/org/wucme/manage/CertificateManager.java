package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Ca;
import org.wucme.acme.Deadline;
import org.wucme.acme.ExternalAccount;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.OrderRate;
import org.wucme.acme.ProblemType;
import org.wucme.acme.Registration;
import org.wucme.acme.RevocationReason;
import org.wucme.acme.Sleeper;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.solving.Solvers;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.Part;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.ServerCertificates;

/**
 * Takes care of the certificates in a store: obtains what is missing, renews what is due.
 *
 * <p>A certificate that is being served is never touched by a failure: what replaces it is complete and checked before it is
 * stored. An order that was interrupted is resumed. One certificate is worked on by one process at a time.
 *
 * <p>Nothing fails silently: with or without a {@linkplain Builder#listener listener}, failures are logged as warnings and alarms
 * as errors, by the logger {@link #FAILURE_LOGGER}. An unexpected {@link RuntimeException} or {@link Error} is logged once with
 * its stack trace.
 *
 * <p>Thread-safe. Close it when done; the store and the solvers stay the caller's. Once it is closed, all methods but
 * {@link #close} throw an {@link IllegalStateException}.
 */
public final class CertificateManager implements AutoCloseable {

    /** The name of the logger of failures and alarms, for applications that log {@linkplain ManagerEvent events} themselves. */
    public static final String FAILURE_LOGGER = "org.wucme.manage.failures";

    private static final Logger LOG = LoggerFactory.getLogger(CertificateManager.class);

    private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

    private final CertificateStore store;
    private final Clock clock;
    private final WakeInterval wakeInterval;
    private final PlanSettings planning;
    private final int atOnce;
    private final Clients clients;
    private final Accounts accounts;
    private final Solvers solvers;
    private final SettingsDigest settings;
    private final Backoffs backoffs;
    private final Issuing issuing;
    private final Renewals renewals;
    private final List<Listener> listeners;
    private final Consumer<ManagerEvent> events;
    private final List<CertificateSpec> wanted;
    private final DeploymentRuns deployments;
    private final ActiveLock activeLock;
    private final ManagerLoop.Means means;
    private final Serving serving;
    private @Nullable ManagerLoop loop;
    private volatile ManagerStatus.Role role = ManagerStatus.Role.NOT_STARTED;
    private volatile boolean isClosed;

    private CertificateManager(Builder builder) {
        this.listeners = builder.listeners.stream().map(Listener::new).toList();
        this.store = builder.store;
        this.wanted = builder.wanted();
        this.serving = new Serving(builder.store, builder.clock, builder.serving(wanted));
        this.events = serving.before(new Alarms(new FailureLog().andThen(this::tellListeners), store, builder.clock));
        this.clock = builder.clock;
        this.wakeInterval = new WakeInterval(builder.wakeInterval);
        this.planning = new PlanSettings(builder.asks, builder.window);
        this.atOnce = builder.atOnce;
        this.clients = new Clients(builder.knownCas(wanted), builder.connect, store.directories());
        AccountTerms terms = builder.terms(wanted);
        this.accounts = new Accounts(store, terms, events);
        this.solvers = Solvers.of(builder.solvers);
        this.settings = new SettingsDigest(store, solvers, terms);
        this.backoffs = new Backoffs(store, clock);
        Issuing.Ways ways = new Issuing.Ways(
                solvers,
                builder.progress,
                clock,
                builder.random,
                new CaChoice(builder.furtherCas, builder.furtherAfter),
                Map.copyOf(builder.testCas),
                Map.copyOf(builder.orderRates),
                List.copyOf(builder.deployments.keySet()));
        this.issuing = new Issuing(store, clients, accounts, settings, builder.sleeper, ways, events);
        this.renewals = new Renewals(store, issuing, clock, planning, events);
        this.deployments = new DeploymentRuns(builder.deployments, store, renewals, clock, events);
        this.activeLock = builder.activeLock();
        this.means = new ManagerLoop.Means(
                clock, builder.random, planning, builder.atOnce, activeLock, deployments, backoffs, settings, events);
    }

    private void tellListeners(ManagerEvent event) {
        if (event instanceof ManagerEvent.BecameActive) {
            role = ManagerStatus.Role.ACTIVE;
        } else if (event instanceof ManagerEvent.BecameStandby) {
            role = ManagerStatus.Role.STANDBY;
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    /** A manager for a store, to be configured. */
    public static Builder builder(CertificateStore store) {
        return new Builder(store);
    }

    /**
     * Renews every certificate that is due, in parallel as {@link Builder#atOnce} says. A failure of one does not keep the
     * others from being renewed; it is written into the store, with the time of the next attempt. Then carries out deployments, as {@link #deployOwed()}
     * does; while another manager is active, only those of certificates that were renewed here.
     *
     * <p>When a CA answers again that was out of service, the backoff of all certificates that failed because of that ends; so
     * does one that may have come from settings that have changed since.
     *
     * @return one outcome for each certificate in the store that is managed
     * @throws IOException if the store cannot be read
     */
    public List<Outcome> renewDue() throws IOException {
        requireOpen();
        backoffs.endRefused(
                stored -> settings.of(Objects.requireNonNull(stored.renewal()).spec()));
        List<Outcome> outcomes = new OneTimeRun(store, renewals, wakeInterval, clock, planning, atOnce).run();
        outcomes.forEach(this::raiseAlarms);
        if (!deployOwed()) {
            deployObtained(outcomes);
        }
        return outcomes;
    }

    private void raiseAlarms(Outcome outcome) {
        if (!Renewals.isManaged(outcome.certificate())) {
            // Another thread or process stopped managing it meanwhile.
            return;
        }
        StateAlarms.late(CertificateState.of(outcome.certificate(), planning), clock.instant())
                .ifPresent(events);
        if (outcome instanceof Outcome.NeedsHelp help) {
            events.accept(StateAlarms.needsHelp(help.certificate().name(), help.problem()));
        }
    }

    // The active manager may know of other deployments.
    private void deployObtained(List<Outcome> outcomes) throws IOException {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Obtained obtained) {
                deploy(obtained.certificate().name());
            }
        }
    }

    /**
     * Carries out once what {@link Builder#deployment} named, with each certificate with which this was not done yet, unless
     * another manager is active. What fails stays owed; the certificate's record says why, and when it is tried again.
     *
     * @return whether it was for this manager to do
     * @throws IOException if the store cannot be read, or the thread was interrupted
     */
    public boolean deployOwed() throws IOException {
        requireOpen();
        if (deployments.isEmpty()) {
            return true;
        }
        try (Lease active = ManagerLoop.becomeActive(activeLock)) {
            if (active == null) {
                return false;
            }
            for (StoredCertificate stored : store.list()) {
                // Before its lock is taken and its files are read again: of ten thousand, nearly none is.
                if (deployments.isDue(stored)) {
                    deploy(stored.name());
                }
            }
            return true;
        }
    }

    private void deploy(String name) throws IOException {
        try {
            if (!deployments.carryOutDue(name)) {
                LOG.info("another process deploys {}: what is left is for the next run", name);
            }
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.warn("what was deployed of {} could not be written down: {}", name, e.toString());
            events.accept(new ManagerEvent.Trouble(e));
        }
    }

    /**
     * As {@link #deployOwed()}, with one certificate, at once: even while another manager is active, which may know of other
     * deployments, and however often it failed before.
     *
     * @throws IOException if the store cannot be read or written, the thread was interrupted, or another process was at it
     */
    public void deployNow(String name) throws IOException {
        requireOpen();
        if (!deployments.carryOutNow(name)) {
            throw new StoreException("another process deploys " + name + "; try again when it is done");
        }
    }

    /**
     * Obtains what is missing of the certificates that were named, and renews all that are in the store, in threads of its
     * own, until {@link #close()}. While another manager does so for the same store, this one stands by, and takes over
     * within seconds when that ends. No CA is asked before something is due.
     *
     * @return this manager
     * @throws IllegalStateException if it was started before, or is closed; if it has no solvers; or if the store has no account at the CA of
     *     a certificate that was named, the terms were not agreed to, and the CA has terms or cannot be asked. Nothing was
     *     written or ordered then
     * @throws IllegalArgumentException if two of the certificates that were named are stored under one name
     * @throws IOException if the store cannot be read
     */
    public CertificateManager start() throws IOException {
        requireOpen();
        if (solvers.inOrder().isEmpty()) {
            throw new IllegalStateException("solvers(...) is missing: a manager validates names with them");
        }
        Map<String, CertificateSpec> byName = new HashMap<>();
        for (CertificateSpec spec : wanted) {
            CertificateSpec other = byName.put(nameOf(spec), spec);
            if (other != null) {
                throw Builder.sameName(other, spec);
            }
        }
        accounts.requireRegistrable(clients);
        Set<String> busy = new HashSet<>();
        for (Map.Entry<String, CertificateSpec> each : byName.entrySet()) {
            if (!renewals.manageAgain(each.getKey(), each.getValue())) {
                busy.add(each.getKey());
            }
        }
        begin(new ManagerLoop(store, renewals, byName, busy, means));
        return this;
    }

    private synchronized void begin(ManagerLoop made) {
        requireOpen();
        if (loop != null) {
            throw new IllegalStateException("this manager was started before");
        }
        loop = made;
        role = ManagerStatus.Role.STANDBY;
        made.start();
    }

    /**
     * The status of this manager, of every certificate in the store, and of the CAs, for reports, health checks and metrics. It
     * reads the store once, asks no CA, and needs no {@linkplain #start started} manager.
     *
     * @throws IOException if the store cannot be read
     */
    public ManagerStatus status() throws IOException {
        requireOpen();
        Instant now = clock.instant();
        StatusReader reader = new StatusReader(store.list(), planning, now);
        return new ManagerStatus(
                now, role, store.active().orElse(null), reader.certificates(), reader.cas(issuing.outages(now)));
    }

    /**
     * A new context for a TLS server that serves what is in the store: for each handshake the certificate that is current
     * then, by the rules of {@link ServerCertificates}. A certificate that this manager obtains is in use before any
     * listener hears of it; one that another process saves, within seconds. The context works before {@link #start} too, and
     * goes on with what is in memory after {@link #close}. {@link Builder#serverCertificates} has the settings.
     *
     * @throws IOException if the store cannot be read
     */
    public SSLContext sslContext() throws IOException {
        requireOpen();
        return serving.certificates().sslContext();
    }

    /**
     * As {@link #sslContext}, for servers that take a key manager.
     *
     * @throws IOException if the store cannot be read
     */
    public X509ExtendedKeyManager keyManager() throws IOException {
        requireOpen();
        return serving.certificates().keyManager();
    }

    /** The stored certificate, if it makes {@link #issue} have nothing to do; asks no CA. */
    public Optional<Outcome.Current> findCurrent(CertificateSpec wanted) throws IOException {
        requireOpen();
        return Optional.ofNullable(currentFor(wanted, load(nameOf(wanted))));
    }

    private Outcome.@Nullable Current currentFor(CertificateSpec wanted, @Nullable StoredCertificate present) {
        return present != null && isCurrent(present, wanted) ? new Outcome.Current(present, dueByAge(present)) : null;
    }

    /**
     * Obtains a certificate, unless the one that is stored is current, from the same CA, and has exactly these names. Then a key
     * type, profile or challenge type that differs from the stored one is recorded, and takes effect at the next renewal.
     *
     * @param wanted names, CA, and how to ask; stored with the certificate for its renewals
     * @return {@link Outcome.Obtained} or {@link Outcome.Current}
     * @throws IllegalArgumentException if it has a name that no certificate can carry; nothing was ordered then
     * @throws IOException if it could not be obtained; what was stored before is untouched
     */
    public Outcome issue(CertificateSpec wanted) throws IOException {
        requireOpen();
        requireCanonical(wanted);
        clients.know(wanted.ca());
        String name = nameOf(wanted);
        try (Lease lock = renewals.lock(name)) {
            StoredCertificate present = load(name);
            Outcome.Current current = currentFor(wanted, present);
            return current == null ? obtain(lock, name, wanted, present) : withSettings(current, wanted);
        } catch (ReplacedElsewhereException e) {
            return findCurrent(wanted).orElseThrow(() -> e);
        }
    }

    // The certificate would name the other form, and so never be the one that was requested.
    private static void requireCanonical(CertificateSpec wanted) {
        wanted.identifiers().stream()
                .filter(Identifier::isNameOrAddress)
                .filter(identifier -> !Identifier.of(identifier.value()).equals(identifier))
                .findFirst()
                .ifPresent(identifier -> {
                    throw new IllegalArgumentException("\"" + identifier + "\" is written \""
                            + Identifier.of(identifier.value()) + "\" in certificates");
                });
    }

    private Outcome.Current withSettings(Outcome.Current current, CertificateSpec wanted) throws IOException {
        RenewalRecord before = current.certificate().renewal();
        boolean isNewProfile = before != null
                && wanted.profile() != null
                && !wanted.profile().equals(before.spec().profile());
        if (isNewProfile) {
            // Otherwise the renewal would be the first to fail.
            clients.at(wanted.ca()).fetchCurrentDirectory().requireProfile(wanted.profile());
        }
        return new Outcome.Current(new SettingsUpdate(store).record(current.certificate(), wanted), current.until());
    }

    /**
     * Obtains a certificate, whether or not the one that is stored is current.
     *
     * @throws IOException as {@link #issue}
     */
    public Outcome.Obtained reissue(CertificateSpec wanted) throws IOException {
        requireOpen();
        requireCanonical(wanted);
        clients.know(wanted.ca());
        String name = nameOf(wanted);
        try (Lease lock = renewals.lock(name)) {
            LOG.info("obtaining {}: it is requested, whether or not the stored one is current", name);
            return obtain(lock, name, wanted, load(name));
        }
    }

    /**
     * Stops managing a certificate, or a request for one that was never issued. Nothing is revoked, and the CA is not asked.
     *
     * <p>A certificate stays in the store, and servers go on using it; but it is neither renewed nor deployed, by this or any
     * other manager of the store, nor reported as an alarm, whatever becomes of it. It is managed again once it is named to
     * {@link #issue}, {@link #reissue}, or {@link Builder#manage} at the next start. Of a request, nothing is left in the
     * store; an order that was begun expires at the CA.
     *
     * @param name under which it is stored
     * @return false if there was nothing to do: the certificate was not managed before
     * @throws StoreException if nothing is stored under this name, if that cannot be read, or if another thread or process works
     *     on it for longer than ten seconds; nothing has changed then
     * @throws IOException if the store cannot be written
     */
    public boolean unmanage(String name) throws IOException {
        requireOpen();
        try (Lease lock = renewals.lock(name)) {
            StoredCertificate stored =
                    store.load(name).orElseThrow(() -> new StoreException("nothing is stored as " + name));
            RenewalRecord renewal =
                    stored.renewal() == null && stored.problem() != null ? null : issuing.renewalOf(stored);
            if (renewal == null) {
                throw new StoreException(
                        stored.problem() == null ? name + " has no names to manage it for" : stored.problem());
            }
            boolean isNew = stopManaging(lock, stored, renewal);
            stopRequesting(name);
            return isNew;
        }
    }

    private boolean stopManaging(Lease lease, StoredCertificate stored, RenewalRecord renewal) throws IOException {
        if (stored.chain() == null && stored.problem() == null) {
            store.removeRequest(lease, stored.name());
            return true;
        }
        if (renewal.unmanaged()) {
            return false;
        }
        store.saveSpec(stored.name(), renewal.spec(), true, stored.versionOf(Part.SPEC));
        store.saveAttempts(lease, stored.name(), renewal.attempts().withoutFailures());
        DeploymentPart.change(store, stored, Deployments::withoutFailure);
        return true;
    }

    private synchronized boolean isStarted() {
        return loop != null;
    }

    private synchronized void stopRequesting(String name) {
        if (loop != null) {
            loop.stopRequesting(name);
        }
    }

    /**
     * Does all of {@link #issue} that can be done without an order.
     *
     * @throws IOException if an issuance would fail, as far as can be told before: no solver can answer challenges now, the
     *     store cannot be written, the CA does not answer, does not have the profile, or there is no account
     */
    public void rehearse(CertificateSpec wanted) throws IOException {
        requireOpen();
        requireCanonical(wanted);
        clients.know(wanted.ca());
        issuing.requireSolvable(wanted);
        issuing.requireReady(wanted);
        store.requireWritable(nameOf(wanted));
        AcmeClient client = clients.at(wanted.ca());
        client.fetchCurrentDirectory().requireProfile(wanted.profile());
        client.requireRightClock();
        accounts.require(client);
    }

    /**
     * Revokes a certificate: with the account at its CA if the store has one, else with the certificate's own key. What is
     * stored stays as it is; but after {@link RevocationReason#KEY_COMPROMISE}, all that is stored with this key is due at
     * once, with a new key.
     *
     * @param key the certificate's key; null if it is not at hand
     * @return false if it had been revoked already
     * @throws AcmeException if the CA refuses, or if there is neither account nor key
     */
    public boolean revoke(X509Certificate certificate, @Nullable KeyPair key, Ca ca, RevocationReason reason)
            throws IOException {
        requireOpen();
        boolean isNew = revokeAtCa(certificate, key, ca, reason);
        if (reason == RevocationReason.KEY_COMPROMISE) {
            markCompromised(certificate.getPublicKey());
        }
        return isNew;
    }

    private void markCompromised(PublicKey key) throws IOException {
        IOException failure = null;
        try {
            store.markCompromised(key);
        } catch (IOException e) {
            failure = e;
        }
        for (StoredCertificate stored : store.list()) {
            try {
                if (stored.renewal() == null && hasKey(stored, key)) {
                    request(stored);
                }
            } catch (IOException e) {
                failure = suppressing(e, failure);
            }
        }
        if (failure != null) {
            throw new StoreException(
                    "it is revoked, but not all that has its key is due now; revoke it once more: "
                            + Failure.describe(failure),
                    failure);
        }
    }

    // What came from elsewhere is due at once only when it has a record.
    private void request(StoredCertificate imported) throws IOException {
        RenewalRecord record = issuing.renewalOf(imported);
        if (record != null) {
            store.saveSpec(imported.name(), record.spec(), false, null);
        }
    }

    private static IOException suppressing(IOException later, @Nullable IOException first) {
        if (first == null) {
            return later;
        }
        first.addSuppressed(later);
        return first;
    }

    private static boolean hasKey(StoredCertificate stored, PublicKey key) {
        CertificateChain chain = stored.chain();
        return chain != null
                && stored.problem() == null
                && PlatformKeys.isSame(chain.leaf().getPublicKey(), key);
    }

    private boolean revokeAtCa(X509Certificate certificate, @Nullable KeyPair key, Ca ca, RevocationReason reason)
            throws IOException {
        AcmeClient client = clients.at(ca);
        try (AccountUse.Use use = issuing.useAccount(ca.directoryUrl())) {
            return revokeAtCa(certificate, key, client, reason);
        }
    }

    private boolean revokeAtCa(
            X509Certificate certificate, @Nullable KeyPair key, AcmeClient client, RevocationReason reason)
            throws IOException {
        if (key == null) {
            return accounts.require(client).revoke(certificate, reason);
        }
        Account account = accounts.find(client).orElse(null);
        if (account == null) {
            return client.revoke(certificate, key, reason);
        }
        try {
            return account.revoke(certificate, reason);
        } catch (AcmeProblemException e) {
            if (!e.problem().is(ProblemType.UNAUTHORIZED) && !e.problem().is(ProblemType.ACCOUNT_DOES_NOT_EXIST)) {
                throw e;
            }
            LOG.info("the account may not revoke this certificate, so its own key is used");
            return client.revoke(certificate, key, reason);
        }
    }

    /**
     * Ends what was started, within seconds even in the midst of an order, and closes the connections to CAs. An order that
     * was begun is gone on with by the next manager of this store, and what is owed is carried out by it. What does not
     * listen to the interrupt of its thread, such as a deployment, is left to itself after five seconds. Listeners are told
     * what they were not told yet; whoever needs more than two seconds for that is not waited for.
     */
    @Override
    public void close() {
        isClosed = true;
        end();
        Deadline last = Deadline.after(LAST_EVENTS);
        listeners.forEach(listener -> listener.awaitEnd(last));
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the certificate manager is closed");
        }
    }

    private synchronized void end() {
        if (loop != null) {
            loop.close();
        }
        clients.close();
        serving.close();
        listeners.forEach(Listener::close);
    }

    private Outcome.Obtained obtain(
            Lease lease, String name, CertificateSpec wanted, @Nullable StoredCertificate present) throws IOException {
        RenewalRecord record = RenewalRecord.of(wanted);
        Outcome.Obtained obtained = new Outcome.Obtained(issuing.obtain(lease, name, record, present));
        if (isStarted()) {
            issuing.releaseOutage(record);
        }
        lookAgain();
        return obtained;
    }

    /**
     * Has what failed tried again without the pause that it would wait for otherwise: at once by this manager, if it was
     * started and is active, else by its next {@link #renewDue}. Another one that takes care of the store finds it in the
     * records when it looks at them the next time, within five minutes, as does one that stands by. For a human who has
     * mended something; not for every start, since an application that crashes again and again would flood the CA. How often
     * a name may fail to be proven in an hour is respected all the same.
     *
     * @throws IOException if the store cannot be read or written
     */
    public void retryNow() throws IOException {
        requireOpen();
        issuing.forgetOutages();
        backoffs.endAll();
        releaseHolds();
    }

    /**
     * As {@link #retryNow()}, but only what failed at one CA, such as when an account was registered there. Load actions wait as
     * before.
     *
     * @throws IOException if the store cannot be read or written
     */
    public void retryNow(Ca at) throws IOException {
        requireOpen();
        issuing.forgetOutages();
        backoffs.endAt(at.directoryUrl());
        releaseHolds();
    }

    private synchronized void releaseHolds() {
        if (loop != null) {
            loop.releaseHolds();
        }
    }

    /** Says that something may have to be done now, to what was started. */
    synchronized void lookAgain() {
        if (loop != null) {
            loop.lookAgain();
        }
    }

    private boolean isCurrent(StoredCertificate present, CertificateSpec wanted) {
        CertificateChain chain = present.chain();
        RenewalRecord renewal = present.renewal();
        return chain != null
                && present.keyPair() != null
                && RenewalRule.isFor(chain, wanted)
                && (renewal == null || renewal.spec().directoryUrl().equals(wanted.directoryUrl()))
                && (renewal == null || !renewal.origin().keyCompromised())
                && clock.instant().isBefore(dueByAge(present));
    }

    private Instant dueByAge(StoredCertificate present) {
        return RenewalRule.dueByAge(CertificateState.of(present, planning), clock.instant())
                .orElseThrow();
    }

    // A certificate from elsewhere keeps its name, even where a new one would be called otherwise.
    private String nameOf(CertificateSpec wanted) throws IOException {
        return store.findName(wanted.identifiers())
                .orElseGet(() -> store.nameOf(wanted.identifiers().get(0)));
    }

    private @Nullable StoredCertificate load(String name) throws IOException {
        StoredCertificate present = store.load(name).orElse(null);
        if (present != null && present.problem() != null) {
            throw new StoreException(present.problem());
        }
        return present;
    }

    /** Configures a manager. Not thread-safe; what it builds is. */
    public static final class Builder {

        private final CertificateStore store;
        private List<ChallengeSolver> solvers = List.of();
        private Function<Ca, AcmeClient> connect = AcmeClient::of;
        private Consumer<IssuanceEvent> progress = event -> {};
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.SYSTEM;
        private RandomGenerator random = Jca.random();
        private @Nullable Duration wakeInterval;
        private boolean asks = true;
        private @Nullable MaintenanceWindow window;
        private List<Ca> furtherCas = List.of();
        private int furtherAfter = CaChoice.USUAL_FAILURES;
        private final Map<String, Ca> testCas = new HashMap<>();
        private final List<Ca> testedCas = new ArrayList<>();
        private final Map<String, OrderRate> orderRates = new HashMap<>();
        private final List<String> contacts = new ArrayList<>();
        private final Map<String, ExternalAccount> externalAccounts = new HashMap<>();
        private boolean areTermsAgreed;
        private final List<CertificateSpec> specs = new ArrayList<>();
        private final List<List<Identifier>> names = new ArrayList<>();
        private final List<Consumer<ManagerEvent>> listeners = new ArrayList<>();
        private final Map<String, Deployment> deployments = new LinkedHashMap<>();
        private @Nullable Ca ca;
        private int atOnce = 10;
        private @Nullable ActiveLock activeLock;
        private boolean isAlwaysActive;
        private boolean isTemporaryServed;
        private Consumer<ServerCertificates.Builder> serverCertificates = settings -> {};

        private Builder(CertificateStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /** What proves control of names, tried in this order; a certificate's record may hold it to one challenge type. */
        public Builder solvers(List<? extends ChallengeSolver> inOrder) {
            this.solvers = List.copyOf(inOrder);
            return this;
        }

        /** As {@link #solvers(List)}. */
        public Builder solvers(ChallengeSolver... inOrder) {
            return solvers(List.of(inOrder));
        }

        /**
         * How to reach a CA, for one with a private root or behind a proxy. The manager closes the clients, and has them keep
         * CAs' directories in the store, unless they have a {@link AcmeClient.Builder#directoryCache} of their own.
         */
        public Builder connect(Function<Ca, AcmeClient> how) {
            this.connect = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Who is told of each step; from several threads, perhaps at once. */
        public Builder progress(Consumer<IssuanceEvent> listener) {
            this.progress = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Where the time comes from. */
        public Builder clock(Clock source) {
            this.clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** How this waits when it must not flood a CA. */
        public Builder sleeper(Sleeper how) {
            this.sleeper = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Where chance comes from, such as the moment in the window that a CA suggests. */
        public Builder random(RandomGenerator source) {
            this.random = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * How long it takes until {@link #renewDue} is called the next time. What would be late by then is renewed now. By
         * default a day is assumed, or a twelfth of the lifetime of a certificate that is valid for less than twelve days.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder wakeInterval(Duration interval) {
            if (interval.isNegative()) {
                throw new IllegalArgumentException("nobody can look again before now, as " + interval + " says");
            }
            this.wakeInterval = interval;
            return this;
        }

        /** Whether CAs are asked when they would like certificates to be renewed (RFC 9773); they are unless told not to. */
        public Builder renewalInfo(boolean isAsked) {
            this.asks = isAsked;
            return this;
        }

        /**
         * When certificates are renewed, unless their {@linkplain CertificateSpec#maintenanceWindow spec} says otherwise; by
         * default at any time. A due certificate waits until the window opens, but never until less than a tenth of its lifetime
         * is left, nor if its key is compromised, nor if its CA suggests a time that has passed before the certificate was due
         * (RFC 9773 section 4.2), as before it revokes. What is issued for the first time, or on request, does not wait.
         */
        public Builder maintenanceWindow(MaintenanceWindow when) {
            this.window = Objects.requireNonNull(when, "when");
            return this;
        }

        /**
         * CAs that are asked, in turn with its own, for a certificate that could not be renewed again and again. The next
         * renewal begins with its own CA anew.
         *
         * @param afterFailures how many attempts in a row must have failed; five come together in about a day
         * @throws IllegalArgumentException if that is less than one, or a CA is named twice
         */
        public Builder furtherCas(List<Ca> inOrder, int afterFailures) {
            new CaChoice(inOrder, afterFailures);
            if (Set.copyOf(inOrder).size() < inOrder.size()) {
                throw new IllegalArgumentException("one of the further CAs is named twice: " + inOrder);
            }
            this.furtherCas = List.copyOf(inOrder);
            this.furtherAfter = afterFailures;
            return this;
        }

        /** As {@link #furtherCas(List, int)}, after five failures. */
        public Builder furtherCas(Ca... inOrder) {
            return furtherCas(List.of(inOrder), CaChoice.USUAL_FAILURES);
        }

        /**
         * How many orders a CA is sent in a time; by default the {@link Ca#orderRate} of the CA as it was given to this
         * builder, which is ten in ten seconds at Let's Encrypt and others that limit accounts, and no limit at a private CA. When a CA wants to be asked later
         * ({@code Retry-After}, {@code rateLimited}), that is still obeyed.
         *
         * @throws IllegalArgumentException if the CA has another one already
         */
        public Builder orderRate(Ca at, OrderRate rate) {
            Objects.requireNonNull(rate, "rate");
            requireNew(this.orderRates.putIfAbsent(at.directoryUrl(), rate), rate, "an order rate", at);
            return this;
        }

        /**
         * A test CA where an attempt must succeed, after one that failed, before the real CA is asked again: what is wrong
         * on this side then costs nothing of the real one's limits. There is none unless it is named here.
         *
         * @throws IllegalArgumentException if both are the same, or the real one has another test CA
         */
        public Builder testCa(Ca real, Ca test) {
            if (real.directoryUrl().equals(test.directoryUrl())) {
                throw new IllegalArgumentException(real.directoryUrl() + " cannot be its own test CA");
            }
            requireNew(this.testCas.putIfAbsent(real.directoryUrl(), test), test, "a test CA", real);
            this.testedCas.add(real);
            return this;
        }

        // Of two with the same URL, the one that was named for more counts.
        private Map<String, Ca> knownCas(List<CertificateSpec> wanted) {
            List<Ca> requested = wanted.stream().map(CertificateSpec::ca).toList();
            return Stream.of(
                            ca == null ? List.<Ca>of() : List.of(ca),
                            furtherCas,
                            testedCas,
                            testCas.values(),
                            requested)
                    .flatMap(Collection::stream)
                    .collect(Collectors.toMap(Ca::directoryUrl, known -> known, (first, second) -> first));
        }

        private static void requireNew(@Nullable Object present, Object given, String what, Ca ca) {
            if (present != null && !present.equals(given)) {
                throw new IllegalArgumentException(ca.directoryUrl() + " has " + what + " already");
            }
        }

        /**
         * Adds a URL where CAs may write to, such as {@code mailto:hostmaster@example.org}; for accounts yet to come.
         *
         * @throws IllegalArgumentException if it is no such URL
         */
        public Builder contact(String url) {
            this.contacts.add(Registration.requireContact(url));
            return this;
        }

        /**
         * Agrees to the terms of service of each CA in use, and lets accounts be registered where they are missing. Say so
         * only when a human did. Not needed where the store has an account, or the CA of certificates to {@link #manage} has
         * no terms.
         */
        public Builder agreeToTerms() {
            this.areTermsAgreed = true;
            return this;
        }

        /**
         * What an account yet to come at a CA is bound to (RFC 8555 section 7.3.4).
         *
         * @throws IllegalArgumentException if the CA has another one already
         */
        public Builder externalAccount(Ca ca, ExternalAccount account) {
            Objects.requireNonNull(account, "account");
            requireNew(
                    this.externalAccounts.putIfAbsent(ca.directoryUrl(), account), account, "an external account", ca);
            return this;
        }

        /** The CA for certificates that are named without one; Let's Encrypt unless another is said. */
        public Builder ca(Ca which) {
            this.ca = Objects.requireNonNull(which, "which");
            return this;
        }

        /**
         * Names a certificate that {@link #start} is to obtain if it is missing, or has other names, and to manage again if it
         * was {@linkplain CertificateManager#unmanage unmanaged}. A key type, profile or
         * challenge type that differs from the stored one is logged and recorded, and takes effect at the next renewal.
         *
         * @param hosts names and addresses; it is stored under the first
         * @throws IllegalArgumentException if one is neither a name nor an address, or if there is none
         */
        public Builder manage(String... hosts) {
            List<Identifier> identifiers =
                    Arrays.stream(hosts).map(Identifier::of).toList();
            if (identifiers.isEmpty()) {
                throw new IllegalArgumentException("a certificate has at least one name");
            }
            this.names.add(identifiers);
            return this;
        }

        /** As {@link #manage(String...)}, with all that can be said of how to ask. */
        public Builder manage(CertificateSpec wanted) {
            this.specs.add(Objects.requireNonNull(wanted, "wanted"));
            return this;
        }

        /**
         * Adds somebody who is told what an administrator must know. Each is told on a thread of its own, in order; one that
         * throws does no harm, one that blocks loses what happens while a thousand events wait.
         */
        public Builder listener(Consumer<ManagerEvent> who) {
            this.listeners.add(Objects.requireNonNull(who, "who"));
            return this;
        }

        /**
         * Adds what is to be done once with each certificate in the store that has a renewal record, in the order given here:
         * with those that are there already and with each that comes, whoever stored it, but for one that has expired or
         * cannot be read. The record says what was done with the present certificate, so that it is done once even over a
         * restart. While it fails it is tried again after growing pauses, up to an hour; those after it wait meanwhile. What a
         * record owes and is not named here is dropped from it, unless nothing is named here at all: whoever names it finds
         * that it was not done. No renewal waits for it.
         *
         * @param name stands for it in renewal records, so keep it
         * @throws IllegalArgumentException if there is one of that name
         */
        public Builder deployment(String name, Deployment action) {
            Objects.requireNonNull(name, "name");
            if (this.deployments.putIfAbsent(name, Objects.requireNonNull(action, "action")) != null) {
                throw new IllegalArgumentException("there are two deployments of the name \"" + name + "\"");
            }
            return this;
        }

        /**
         * Sets how many certificates of each CA are renewed in parallel, after {@link #start} and by {@link
         * CertificateManager#renewDue}; ten by default, which is what open CAs accept in ten seconds.
         *
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder atOnce(int certificates) {
            if (certificates < 1) {
                throw new IllegalArgumentException("at least 1 certificate is worked on, not " + certificates);
            }
            this.atOnce = certificates;
            return this;
        }

        /**
         * Makes the manager active whoever else takes care of the store: for stores whose locks do not reach all who use
         * them, where exactly one is told so.
         */
        public Builder alwaysActive() {
            this.isAlwaysActive = true;
            return this;
        }

        /**
         * Sets how the manager becomes the active one of the store; the lease {@link LeaseNames#ACTIVE} by default. For a caller
         * that keeps the lock from one manager to the next, so that no other process becomes active in between.
         */
        public Builder activeLock(ActiveLock how) {
            this.activeLock = Objects.requireNonNull(how, "how");
            return this;
        }

        private ActiveLock activeLock() {
            ActiveLock lock = activeLock == null ? patience -> store.lease(LeaseNames.ACTIVE, patience) : activeLock;
            return isAlwaysActive ? ManagerLoop.orWithout(lock) : lock;
        }

        /**
         * Lets {@link CertificateManager#sslContext} and {@link CertificateManager#keyManager} serve a self-signed
         * certificate for each name to {@link #manage} that the store has none for yet, so that a server need not wait for
         * its first certificate. No client trusts it, and it is never stored.
         */
        public Builder temporaryCertificate() {
            this.isTemporaryServed = true;
            return this;
        }

        /**
         * Configures what {@link CertificateManager#sslContext} and {@link CertificateManager#keyManager} serve, such as the
         * fallback for unknown names, or how long a handshake waits for a key that is not in memory.
         *
         * @param settings called with a builder that has this manager's store and clock
         */
        public Builder serverCertificates(Consumer<ServerCertificates.Builder> settings) {
            this.serverCertificates = settings;
            return this;
        }

        private Consumer<ServerCertificates.Builder> serving(List<CertificateSpec> wanted) {
            Set<Identifier> identifiers =
                    wanted.stream().flatMap(spec -> spec.identifiers().stream()).collect(Collectors.toSet());
            return isTemporaryServed && !identifiers.isEmpty()
                    ? serverCertificates.andThen(builder -> builder.temporaryCertificate(identifiers))
                    : serverCertificates;
        }

        private List<CertificateSpec> wanted() {
            List<CertificateSpec> all = new ArrayList<>(specs);
            names.forEach(identifiers -> all.add(CertificateSpec.builder(identifiers)
                    .ca(ca == null ? Ca.LETS_ENCRYPT : ca)
                    .build()));
            return List.copyOf(all);
        }

        private AccountTerms terms(List<CertificateSpec> wanted) {
            Set<String> managed =
                    wanted.stream().map(CertificateSpec::directoryUrl).collect(Collectors.toUnmodifiableSet());
            return new AccountTerms(contacts, areTermsAgreed, externalAccounts, managed);
        }

        /**
         * The manager; asks no CA yet, and writes nothing.
         *
         * @throws IllegalStateException if certificates are to be obtained and there are no solvers
         * @throws IllegalArgumentException if a certificate to {@link #manage} has a name that none of the solvers can validate,
         *     such as a wildcard with http-01 alone; if it has a name that no certificate can carry, or a directory that is no
         *     https URL; or if two begin with the same name
         */
        public CertificateManager build() {
            List<CertificateSpec> wanted = wanted();
            if (!wanted.isEmpty() && solvers.isEmpty()) {
                throw new IllegalStateException("solvers(...) is missing: what validates the names to manage?");
            }
            wanted.forEach(this::requireObtainable);
            requireOwnNames(wanted);
            return new CertificateManager(this);
        }

        private void requireObtainable(CertificateSpec wanted) {
            Ca.of(wanted.directoryUrl());
            requireCanonical(wanted);
            Issuing.problemOf(Solvers.of(solvers), wanted).ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
        }

        private void requireOwnNames(List<CertificateSpec> wanted) {
            Map<String, CertificateSpec> byName = new HashMap<>();
            for (CertificateSpec spec : wanted) {
                CertificateSpec other =
                        byName.put(store.nameOf(spec.identifiers().get(0)), spec);
                if (other != null) {
                    throw sameName(other, spec);
                }
            }
        }

        private static IllegalArgumentException sameName(CertificateSpec one, CertificateSpec other) {
            return new IllegalArgumentException("two certificates would be stored under one name: " + one.identifiers()
                    + " and " + other.identifiers() + "; begin one of them with another name");
        }

        /**
         * The manager, {@linkplain CertificateManager#start() started}. To be called at each start of an application: what is
         * current is not obtained again.
         *
         * @throws IOException if the store cannot be read
         */
        public CertificateManager start() throws IOException {
            return build().start();
        }
    }
}
