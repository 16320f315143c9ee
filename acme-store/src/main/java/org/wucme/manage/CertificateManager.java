package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.ProblemType;
import org.wucme.acme.RevocationReason;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateStore;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoreLock;
import org.wucme.store.StoredCertificate;

/**
 * Takes care of the certificates in a store: obtains what is missing, renews what is due.
 *
 * <p>A certificate that is being served is never touched by a failure: what replaces it is complete and checked before it is
 * stored. An order that was interrupted is resumed. One certificate is worked on by one process at a time.
 *
 * <p>Thread-safe. Close it when done; the store and the solvers stay the caller's.
 */
public final class CertificateManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateManager.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

    private final CertificateStore store;
    private final List<ChallengeSolver> solvers;
    private final Function<Ca, AcmeClient> connect;
    private final Consumer<IssuanceEvent> progress;
    private final Clock clock;
    private final Map<String, AcmeClient> clients = new ConcurrentHashMap<>();

    private CertificateManager(Builder builder) {
        this.store = builder.store;
        this.solvers = builder.solvers;
        this.connect = builder.connect;
        this.progress = builder.progress;
        this.clock = builder.clock;
    }

    /** A manager for a store, to be configured. */
    public static Builder builder(CertificateStore store) {
        return new Builder(store);
    }

    /**
     * Renews every certificate that is due, one after another. A failure of one does not keep the others from being renewed;
     * it is written into the store, with the time of the next attempt.
     *
     * @return one outcome for each certificate in the store
     * @throws IOException if the store cannot be read
     */
    public List<Outcome> renewDue() throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (StoredCertificate stored : store.list()) {
            outcomes.add(renewIfDue(stored));
        }
        return List.copyOf(outcomes);
    }

    /** The stored certificate, if it makes {@link #issue} have nothing to do; asks no CA. */
    public Optional<Outcome.Current> findCurrent(RenewalRecord wanted) throws IOException {
        return Optional.ofNullable(load(nameOf(wanted)))
                .filter(present -> isCurrent(present, wanted))
                .map(present -> new Outcome.Current(
                        present, RenewalDecision.dueAt(chainOf(present).leaf())));
    }

    /**
     * Obtains a certificate, unless the one that is stored is current, from the same CA, and has exactly these names.
     *
     * @param wanted names, CA, and how to ask; stored with the certificate for its renewals
     * @return {@link Outcome.Obtained} or {@link Outcome.Current}
     * @throws IOException if it could not be obtained; what was stored before is untouched
     */
    public Outcome issue(RenewalRecord wanted) throws IOException {
        String name = nameOf(wanted);
        try (StoreLock lock = lock(name)) {
            Optional<Outcome.Current> current = findCurrent(wanted);
            return current.isPresent() ? current.get() : obtain(name, wanted, load(name));
        }
    }

    /**
     * Obtains a certificate, whether or not the one that is stored is current.
     *
     * @throws IOException as {@link #issue}
     */
    public Outcome.Obtained reissue(RenewalRecord wanted) throws IOException {
        String name = nameOf(wanted);
        try (StoreLock lock = lock(name)) {
            return obtain(name, wanted, load(name));
        }
    }

    /**
     * Does all of {@link #issue} that can be done without an order.
     *
     * @throws IOException if an issuance would fail, as far as can be told before: the store cannot be written, the CA does
     *     not answer, does not have the profile, or there is no account
     */
    public void rehearse(RenewalRecord wanted) throws IOException {
        store.requireWritable(nameOf(wanted));
        AcmeClient client = client(wanted.directoryUrl());
        client.fetchDirectory().requireProfile(wanted.profile());
        Accounts.require(client, store);
    }

    /**
     * Revokes a certificate: with the account at its CA if the store has one, else with the certificate's own key. What is
     * stored stays as it is.
     *
     * @param key the certificate's key; null if it is not at hand
     * @return false if it had been revoked already
     * @throws AcmeException if the CA refuses, or if there is neither account nor key
     */
    public boolean revoke(X509Certificate certificate, @Nullable KeyPair key, Ca ca, RevocationReason reason)
            throws IOException {
        AcmeClient client = client(ca.directoryUrl());
        if (key == null) {
            return Accounts.require(client, store).revoke(certificate, reason);
        }
        Account account = Accounts.find(client, store).orElse(null);
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

    /** Closes the connections to CAs. */
    @Override
    public void close() {
        clients.values().forEach(AcmeClient::close);
    }

    private Outcome renewIfDue(StoredCertificate stored) throws IOException {
        Optional<Outcome> nothingToDo = unlessDue(stored);
        if (nothingToDo.isPresent()) {
            return nothingToDo.get();
        }
        try (StoreLock lock = lock(stored.name())) {
            return renew(stored.name());
        } catch (IOException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return failed(stored, e);
        }
    }

    // Somebody else may have renewed while we waited for the lock: look again.
    private Outcome renew(String name) throws IOException {
        StoredCertificate present =
                store.load(name).orElseThrow(() -> new StoreException(name + " has vanished from the store"));
        Optional<Outcome> nothingToDo = unlessDue(present);
        return nothingToDo.isPresent()
                ? nothingToDo.get()
                : obtain(name, Objects.requireNonNull(renewalOf(present)), present);
    }

    private Optional<Outcome> unlessDue(StoredCertificate stored) {
        RenewalDecision decision = RenewalDecision.of(stored, clock.instant());
        if (decision instanceof RenewalDecision.NeedsHelp help) {
            return Optional.of(new Outcome.NeedsHelp(stored, help.problem()));
        }
        if (decision instanceof RenewalDecision.Wait wait) {
            return Optional.of(new Outcome.Current(stored, wait.until()));
        }
        return Optional.empty();
    }

    private Outcome.Failed failed(StoredCertificate stored, Exception e) throws IOException {
        StoredCertificate present = store.load(stored.name()).orElse(stored);
        RenewalRecord renewal = present.renewal();
        IOException cause = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        return new Outcome.Failed(present, cause, renewal == null ? null : renewal.nextAttempt());
    }

    private Outcome.Obtained obtain(String name, RenewalRecord wanted, @Nullable StoredCertificate present)
            throws IOException {
        store.requireWritable(name);
        Attempt attempt = new Attempt(store, clock, wanted, name, present, renewalOf(present));
        try {
            Account account = Accounts.require(client(wanted.directoryUrl()), store);
            return new Outcome.Obtained(attempt.run(account, solversFor(wanted), progress));
        } catch (IOException | RuntimeException e) {
            attempt.failed(e);
            throw e;
        }
    }

    private boolean isCurrent(StoredCertificate present, RenewalRecord wanted) {
        CertificateChain chain = present.chain();
        RenewalRecord renewal = present.renewal();
        return chain != null
                && present.keyPair() != null
                && chain.identifiers().equals(Set.copyOf(wanted.identifiers()))
                && (renewal == null || renewal.directoryUrl().equals(wanted.directoryUrl()))
                && clock.instant().isBefore(RenewalDecision.dueAt(chain.leaf()));
    }

    /** What a renewal asks for; of a certificate from elsewhere, the names that it has and the kind of key that it has. */
    private @Nullable RenewalRecord renewalOf(@Nullable StoredCertificate present) throws IOException {
        if (present == null || present.identifiers().isEmpty()) {
            return null;
        }
        RenewalRecord renewal = present.renewal();
        if (renewal != null) {
            return renewal;
        }
        String directoryUrl = store.defaultDirectoryUrl().orElse(Ca.LETS_ENCRYPT.directoryUrl());
        return RenewalRecord.builder(present.identifiers(), directoryUrl)
                .keyType(KeyType.like(chainOf(present).leaf().getPublicKey()).orElse(null))
                .build();
    }

    // A certificate from elsewhere keeps its name, even where a new one would be called otherwise.
    private String nameOf(RenewalRecord wanted) throws IOException {
        String name = store.nameOf(wanted.identifiers().get(0));
        if (store.load(name).isPresent()) {
            return name;
        }
        Set<Identifier> identifiers = Set.copyOf(wanted.identifiers());
        return store.list().stream()
                .filter(stored -> stored.chain() != null && stored.identifiers().equals(identifiers))
                .map(StoredCertificate::name)
                .findFirst()
                .orElse(name);
    }

    private @Nullable StoredCertificate load(String name) throws IOException {
        StoredCertificate present = store.load(name).orElse(null);
        if (present != null && present.problem() != null) {
            throw new StoreException(present.problem());
        }
        return present;
    }

    private static CertificateChain chainOf(StoredCertificate present) {
        return Objects.requireNonNull(present.chain(), "chain");
    }

    private StoreLock lock(String name) throws IOException {
        return store.lock(name, LOCK_PATIENCE)
                .orElseThrow(() ->
                        new StoreException("another process is at work on " + name + "; try again when it is done"));
    }

    private AcmeClient client(String directoryUrl) {
        AcmeClient present = clients.get(directoryUrl);
        if (present != null) {
            return present;
        }
        // Not computeIfAbsent: connecting may read files, and the map would be locked meanwhile.
        AcmeClient connected = connect.apply(Ca.of(directoryUrl));
        AcmeClient earlier = clients.putIfAbsent(directoryUrl, connected);
        if (earlier == null) {
            return connected;
        }
        connected.close();
        return earlier;
    }

    private List<ChallengeSolver> solversFor(RenewalRecord record) {
        String type = record.challengeType();
        return type == null
                ? solvers
                : solvers.stream()
                        .<ChallengeSolver>map(solver -> new OnlyType(type, solver))
                        .toList();
    }

    /** Configures a manager. Not thread-safe; what it builds is. */
    public static final class Builder {

        private final CertificateStore store;
        private List<ChallengeSolver> solvers = List.of();
        private Function<Ca, AcmeClient> connect = AcmeClient::of;
        private Consumer<IssuanceEvent> progress = event -> {};
        private Clock clock = Clock.systemUTC();

        private Builder(CertificateStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /** What proves control of names, tried in this order; a certificate's record may hold it to one challenge type. */
        public Builder solvers(List<? extends ChallengeSolver> inOrder) {
            this.solvers = List.copyOf(inOrder);
            return this;
        }

        /** How to reach a CA, for one with a private root or behind a proxy. The manager closes the clients. */
        public Builder connect(Function<Ca, AcmeClient> how) {
            this.connect = how;
            return this;
        }

        /** Who is told of each step; from several threads, perhaps at once. */
        public Builder progress(Consumer<IssuanceEvent> listener) {
            this.progress = listener;
            return this;
        }

        /** Where the time comes from. */
        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** The manager; asks no CA yet. */
        public CertificateManager build() {
            return new CertificateManager(this);
        }
    }
}
