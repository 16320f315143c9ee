package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeRenewalInfoException;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.OrderRate;
import org.wucme.acme.OrderRequest;
import org.wucme.acme.RenewalAnswer;
import org.wucme.acme.RenewalInfo;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.Sleeper;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.solving.Solvers;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.AriChoice;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.RenewalInfoUpdate;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** What a manager does at CAs for one certificate, whose lock the caller holds. Thread-safe. */
final class Issuing {

    private static final Logger LOG = LoggerFactory.getLogger(Issuing.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final CertificateStore store;
    private final Clients clients;
    private final Accounts accounts;
    private final OrderThrottle throttle;
    private final AccountUse accountUse;
    private final Ways ways;
    private final Consumer<ManagerEvent> events;
    private final Outages unreachable;
    private final Outages silent;
    private final Backoffs backoffs;
    private final SettingsDigest settings;
    private final Set<String> answering = ConcurrentHashMap.newKeySet();

    /**
     * How things are done.
     *
     * @param solvers what validates names
     * @param progress who is told of each step
     * @param cas which CA is asked
     * @param testCas what is asked first after a failure, by the directory of the CA that it stands for
     * @param orderRates how many orders a CA is sent, by its directory, where that is not as usual
     * @param deployments what is owed to each certificate that is obtained
     */
    record Ways(
            Solvers solvers,
            Consumer<IssuanceEvent> progress,
            Clock clock,
            RandomGenerator random,
            CaChoice cas,
            Map<String, Ca> testCas,
            Map<String, OrderRate> orderRates,
            List<String> deployments) {}

    Issuing(
            CertificateStore store,
            Clients clients,
            Accounts accounts,
            SettingsDigest settings,
            Sleeper sleeper,
            Ways ways,
            Consumer<ManagerEvent> events) {
        this.store = store;
        this.clients = clients;
        this.accounts = accounts;
        this.accountUse = new AccountUse(store);
        this.throttle = new OrderThrottle(sleeper, ways.orderRates());
        this.unreachable = new Outages(sleeper);
        this.silent = new Outages(sleeper);
        this.settings = settings;
        this.backoffs = new Backoffs(store, ways.clock());
        this.ways = ways;
        this.events = events;
    }

    /**
     * Obtains a certificate and stores it; what failed is written down.
     *
     * @param lease of the certificate
     * @param present what is stored under the name; null if nothing is
     */
    StoredCertificate obtain(Lease lease, String name, RenewalRecord wanted, @Nullable StoredCertificate present)
            throws IOException {
        requireSolvable(wanted.spec());
        store.requireWritable(name);
        RenewalRecord owing = wanted.withDeployments(deploymentsOf(present).forReplacement(ways.deployments()));
        Attempt attempt = new Attempt(store, lease, ways.clock(), owing, name, present, renewalOf(present), ways.cas());
        Ca ca = ways.cas().caFor(wanted);
        String directoryUrl = ca.directoryUrl();
        try {
            requireReachable(directoryUrl);
            rehearseAfterFailure(wanted, directoryUrl);
            StoredCertificate obtained = obtainAt(ca, wanted, attempt);
            boolean isRenewal = present != null && present.chain() != null;
            events.accept(isRenewal ? new ManagerEvent.Renewed(obtained) : new ManagerEvent.Obtained(obtained));
            if (!owing.deployments().pending().isEmpty()) {
                events.accept(new ManagerEvent.DeploymentOwed(
                        obtained, owing.deployments().pending()));
            }
            return obtained;
        } catch (ReplacedElsewhereException e) {
            // The record is the other process's now.
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // What fails because the manager is being closed says nothing about the certificate.
            if (!isClosed()) {
                attempt.failed(e, refusedSettings(wanted, e));
            }
            // Once it is written down, so that the next success finds it.
            if (Failure.isOutage(e)) {
                answering.remove(directoryUrl);
            }
            throw e;
        } finally {
            unreachable.stopTrying(directoryUrl);
        }
    }

    private @Nullable String refusedSettings(RenewalRecord wanted, Throwable cause) {
        try {
            return Failure.mayComeFromSettings(cause) ? settings.of(wanted.spec()) : null;
        } catch (IOException e) {
            cause.addSuppressed(e);
            return null;
        }
    }

    /** Checks, before anything is ordered or written, that there is a solver for each name. */
    void requireSolvable(CertificateSpec wanted) throws NotConfiguredException {
        String problem = problemOf(ways.solvers(), wanted).orElse(null);
        if (problem != null) {
            throw new NotConfiguredException(problem);
        }
    }

    /**
     * Why a certificate cannot be ordered with solvers, whatever the CA offers; empty if it may be.
     *
     * @param solvers may be none
     */
    static Optional<String> problemOf(Solvers solvers, CertificateSpec wanted) {
        if (solvers.inOrder().isEmpty()) {
            return Optional.of("there is no solver to validate "
                    + wanted.identifiers().get(0) + ": give the manager one with solvers(...)");
        }
        return solvers.heldTo(wanted.challengeType()).problemOf(wanted.identifiers());
    }

    /**
     * Checks, before anything is ordered or written, that challenges can be answered now.
     *
     * @throws IOException if they cannot, with what the administrator can do
     */
    void requireReady(CertificateSpec wanted) throws IOException {
        ways.solvers().heldTo(wanted.challengeType()).ready(wanted.identifiers());
    }

    /**
     * Ends the backoffs of the certificates that failed because a CA was out of service, since it has just issued one. Reads
     * the whole store the first time.
     *
     * @param obtained what the CA was asked for
     */
    void releaseOutage(RenewalRecord obtained) {
        String directoryUrl = ways.cas().directoryFor(obtained);
        if (!answering.add(directoryUrl)) {
            return;
        }
        try {
            backoffs.endOutage(directoryUrl);
        } catch (IOException e) {
            LOG.warn("{} answers again, but not all backoffs could be ended: {}", directoryUrl, Failure.describe(e));
        }
    }

    private StoredCertificate obtainAt(Ca ca, RenewalRecord wanted, Attempt attempt) throws IOException {
        String directoryUrl = ca.directoryUrl();
        try {
            AcmeClient client = clients.at(ca);
            StoredCertificate obtained = orderInTurn(client, wanted, attempt);
            unreachable.end(directoryUrl);
            return obtained;
        } catch (AcmeConnectionException e) {
            if (e.isRetryable()) {
                unreachable.begin(directoryUrl, String.valueOf(e.getMessage()), Outages.PAUSE);
            }
            throw e;
        }
    }

    /** Keeps the key of an account from being changed, until what this returns is closed. */
    AccountUse.Use useAccount(String directoryUrl) throws IOException {
        return accountUse.begin(directoryUrl);
    }

    // While it waits for its turn, the key of the account may change.
    private StoredCertificate orderInTurn(AcmeClient client, RenewalRecord wanted, Attempt attempt) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        Duration wait;
        try (AccountUse.Use use = accountUse.begin(directoryUrl)) {
            Account account = accounts.require(client);
            wait = throttle.takeTurn(client.ca());
            if (wait.isZero()) {
                return runWith(account, wanted, attempt);
            }
        }
        throttle.await(wait, client.ca());
        try (AccountUse.Use use = accountUse.begin(directoryUrl)) {
            return runWith(accounts.require(client), wanted, attempt);
        }
    }

    private StoredCertificate runWith(Account account, RenewalRecord wanted, Attempt attempt) throws IOException {
        try {
            return attempt.run(
                    account,
                    ways.solvers().heldTo(wanted.spec().challengeType()).toList(),
                    event -> {
                        if (event instanceof IssuanceEvent.OrderCreated) {
                            unreachable.end(account.client().ca().directoryUrl());
                        }
                        ways.progress().accept(event);
                    });
        } catch (AcmeProblemException e) {
            throw accounts.explained(account, e);
        }
    }

    /** Whether the manager is closed, so that nothing can succeed anymore. */
    boolean isClosed() {
        return clients.areClosed();
    }

    private void requireReachable(String directoryUrl) throws IOException {
        String problem = unreachable.problemOf(directoryUrl).orElse(null);
        if (problem != null) {
            throw new AcmeConnectionException(
                    "not tried, since a moment ago: " + problem, new IOException(problem), true);
        }
    }

    /** CAs that gave no answer a moment ago. */
    List<CaStatus> outages(Instant now) {
        return unreachable.at(now);
    }

    /** Lets CAs be asked again that gave no answer a moment ago. */
    void forgetOutages() {
        unreachable.endAll();
        silent.endAll();
    }

    /** Asks the CA that issued a certificate when to renew it, and writes the answer down. */
    StoredCertificate ask(StoredCertificate stored) throws IOException {
        RenewalRecord before = Objects.requireNonNull(stored.renewal());
        X509Certificate leaf = Objects.requireNonNull(stored.chain()).leaf();
        AriChoice choice = AriChoice.of(
                answer(before, leaf), before.renewalInfo(), ways.clock().instant(), ways.random());
        store.saveRenewalInfo(List.of(new RenewalInfoUpdate(stored.name(), leaf.getSerialNumber(), choice)));
        tellWhatMoved(stored.name(), before.renewalInfo(), choice);
        return store.load(stored.name()).orElseThrow();
    }

    private RenewalAnswer answer(RenewalRecord renewal, X509Certificate leaf) throws IOException {
        String issuer = renewal.issuer();
        String problem = silent.problemOf(issuer).orElse(null);
        Instant again = ways.clock().instant().plus(RenewalInfo.USUAL_WAIT);
        if (problem != null) {
            return new RenewalAnswer.Unavailable(problem, again);
        }
        try {
            RenewalInfo info = clients.at(issuer).fetchRenewalInfo(leaf);
            silent.end(issuer);
            return new RenewalAnswer.Suggested(info);
        } catch (AcmeRenewalInfoException e) {
            LOG.info("{} does not say when to renew a certificate: {}", issuer, e.getMessage());
            spareOthers(issuer, e);
            return new RenewalAnswer.Unavailable(
                    String.valueOf(e.getMessage()), e.retryAt().orElse(again));
        } catch (RuntimeException | Error e) {
            LOG.error("unexpected error while {} was asked when to renew a certificate", issuer, Trace.of(e));
            // Nothing that is wrong with the question may keep anybody from renewing.
            if (e instanceof Error) {
                events.accept(new ManagerEvent.Trouble(e));
            }
            return new RenewalAnswer.Unavailable(Failure.describe(e), again);
        } finally {
            silent.stopTrying(issuer);
        }
    }

    // What is wrong with one certificate says nothing about the others.
    private void spareOthers(String issuer, AcmeRenewalInfoException failure) {
        if (failure.getCause() instanceof AcmeException cause && cause.isRetryable()) {
            silent.begin(issuer, String.valueOf(failure.getMessage()), SILENCE);
        }
        if (failure.getCause() instanceof AcmeConnectionException cause && cause.isRetryable()) {
            unreachable.begin(issuer, String.valueOf(cause.getMessage()), Outages.PAUSE);
        }
    }

    private void tellWhatMoved(String name, @Nullable AriChoice before, AriChoice after) {
        RenewalTime earlier = before == null ? null : before.time();
        RenewalTime time = after.time();
        if (time != null && !time.equals(earlier)) {
            String page = after.explanationUrl();
            LOG.info(
                    "{} is to be renewed at {}, says its CA{}",
                    name,
                    time.chosen(),
                    page == null ? "" : "; see " + page);
            events.accept(new ManagerEvent.RenewalTimeChosen(name, earlier, time, page));
        }
    }

    /** What a renewal asks for; of a certificate from elsewhere, the names that it has and the kind of key that it has. */
    @Nullable
    RenewalRecord renewalOf(@Nullable StoredCertificate present) throws IOException {
        if (present == null || present.identifiers().isEmpty()) {
            return null;
        }
        RenewalRecord renewal = present.renewal();
        if (renewal != null) {
            return renewal;
        }
        CertificateChain chain = Objects.requireNonNull(present.chain(), "chain");
        String directoryUrl = store.defaultDirectoryUrl().orElse(Ca.LETS_ENCRYPT.directoryUrl());
        return RenewalRecord.of(CertificateSpec.builder(present.identifiers())
                .ca(Ca.of(directoryUrl))
                .keyType(KeyType.like(chain.leaf().getPublicKey()).orElse(null))
                .build());
    }

    private static Deployments deploymentsOf(@Nullable StoredCertificate present) {
        RenewalRecord renewal = present == null ? null : present.renewal();
        return renewal == null ? Deployments.NONE : renewal.deployments();
    }

    // What fails at the test CA costs nothing of the real one's limits. Its certificate is of no use and not kept.
    private void rehearseAfterFailure(RenewalRecord wanted, String directoryUrl) throws IOException {
        Ca test = wanted.attempts().failures() == 0 ? null : ways.testCas().get(directoryUrl);
        if (test == null) {
            return;
        }
        AcmeClient client = clients.at(test);
        KeyPair key = KeyType.EC_P256.generate();
        LOG.info("rehearsing at {} before {} is asked again", test.name(), directoryUrl);
        try (AccountUse.Use use = accountUse.begin(test.directoryUrl())) {
            accounts.require(client)
                    .obtain(
                            CertificateRequest.builder(
                                            OrderRequest.of(wanted.spec().identifiers()))
                                    .challengeContext(store)
                                    .key(key)
                                    .build(),
                            ways.solvers().heldTo(wanted.spec().challengeType()).toList());
        }
    }
}
