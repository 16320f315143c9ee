package org.wucme.manage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.OrderRequest;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateId;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.Part;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;

/**
 * One try to obtain one certificate, under its lock.
 *
 * <p>What was asked for takes the place of what is stored when the certificate is there, and not before. Until then the store
 * is told of the pending order, and of a failure, in the record that it has; in a new one if there is no certificate yet. Of
 * an order unlike the one that a renewal would make, it is told nothing.
 */
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final CertificateStore store;
    private final Lease lease;
    private final Clock clock;
    private final String name;
    private final RenewalRecord wanted;
    private final @Nullable StoredCertificate present;
    private final @Nullable RenewalRecord known;
    private final CaChoice cas;
    private @Nullable RenewalRecord remembered;
    private @Nullable String specVersion;
    private boolean isStored;
    private volatile boolean isTried;

    /**
     * An attempt that has not begun.
     *
     * @param lease of the certificate
     * @param present what is stored under the name; null if nothing is
     * @param known what a renewal of that would ask for; null if there is nothing to renew
     * @param cas which CA is asked
     */
    Attempt(
            CertificateStore store,
            Lease lease,
            Clock clock,
            RenewalRecord wanted,
            String name,
            @Nullable StoredCertificate present,
            @Nullable RenewalRecord known,
            CaChoice cas) {
        RenewalRecord begun = known != null && haveSameOrder(known, wanted, cas) ? known : null;
        boolean isIssued = present != null && present.chain() != null;
        this.store = store;
        this.lease = lease;
        this.clock = clock;
        this.name = name;
        this.wanted = wanted;
        this.present = present;
        this.known = known;
        this.cas = cas;
        this.remembered = isIssued
                ? begun
                : wanted.withAttempts(
                                begun == null ? Attempts.NONE : begun.attempts().resumed())
                        .withDeployments(Deployments.NONE);
        this.specVersion = present == null ? null : present.versionOf(Part.SPEC);
        this.isStored = present != null;
    }

    private static boolean haveSameOrder(RenewalRecord one, RenewalRecord other, CaChoice cas) {
        CertificateSpec first = one.spec();
        CertificateSpec second = other.spec();
        return Set.copyOf(first.identifiers()).equals(Set.copyOf(second.identifiers()))
                && first.directoryUrl().equals(second.directoryUrl())
                && cas.directoryFor(one).equals(cas.directoryFor(other))
                && Objects.equals(first.profile(), second.profile())
                && first.effectiveKeyType() == second.effectiveKeyType();
    }

    /** Obtains the certificate and stores it. */
    StoredCertificate run(Account account, List<? extends ChallengeSolver> solvers, Consumer<IssuanceEvent> progress)
            throws IOException {
        IssuedCertificate issued = obtain(account, solvers, progress);
        RenewalRecord renewal = obtained(account);
        // The request that obtain() makes has a key pair.
        store.save(lease, name, issued.chain(), Objects.requireNonNull(issued.key()), renewal, specVersion);
        return readBack(issued.chain());
    }

    private StoredCertificate readBack(CertificateChain issued) throws IOException {
        StoredCertificate stored = store.load(name).orElse(null);
        CertificateChain chain = stored == null ? null : stored.chain();
        if (stored == null || chain == null || !chain.leaf().equals(issued.leaf())) {
            String problem = stored == null ? null : stored.problem();
            throw new StoreException("the certificate " + name + " was stored, but cannot be read back"
                    + (problem == null ? "" : ": " + problem));
        }
        return stored;
    }

    private RenewalRecord obtained(Account account) {
        Instant now = clock.instant();
        boolean isEarly =
                present != null && RenewalRule.isEarly(CertificateState.of(present, PlanSettings.DEFAULT), now);
        return wanted.obtained(account.client().ca().directoryUrl(), account.url(), now, isEarly);
    }

    private IssuedCertificate obtain(
            Account account, List<? extends ChallengeSolver> solvers, Consumer<IssuanceEvent> progress)
            throws IOException {
        String pendingOrder = remembered == null ? null : remembered.attempts().pendingOrder();
        KeyPair pendingKey = pendingOrder == null ? null : loadPendingKey();
        KeyPair key = pendingKey == null ? newKey() : pendingKey;
        CertificateRequest request = CertificateRequest.builder(
                        OrderRequest.of(wanted.spec().identifiers())
                                .profile(wanted.spec().profile())
                                .replaces(replaced(account)))
                .replacementCheck(predecessor -> requireStillOurs())
                .challengeContext(store)
                .key(key)
                .preferredChain(wanted.spec().preferredChain())
                // Without its key, an order that was finalized cannot be completed.
                .resume(pendingKey == null ? null : pendingOrder)
                .listener(event -> {
                    if (event instanceof IssuanceEvent.OrderCreated created) {
                        remember(created.order().url(), key);
                    }
                    if (event instanceof IssuanceEvent.ChallengeStarted) {
                        isTried = true;
                    }
                    progress.accept(event);
                })
                .build();
        try {
            return account.obtain(request, solvers);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    // Before it is ordered although the CA says that another order replaces it: what we read may be out of date.
    private void requireStillOurs() throws IOException {
        StoredCertificate now = store.load(name).orElse(null);
        if (now == null || present == null) {
            return;
        }
        if (!Objects.equals(leafOf(now), leafOf(present))) {
            throw new ReplacedElsewhereException(
                    name + " was renewed by another process meanwhile: nothing is ordered");
        }
        String order = pendingOrderOf(now);
        boolean isOurs = order == null || order.equals(pendingOrderOf(present));
        if (!isOurs) {
            throw new ReplacedElsewhereException(
                    name + " is being renewed by another process, with the order at " + order + ": nothing is ordered");
        }
    }

    private static @Nullable X509Certificate leafOf(StoredCertificate stored) {
        CertificateChain chain = stored.chain();
        return chain == null ? null : chain.leaf();
    }

    private static @Nullable String pendingOrderOf(StoredCertificate stored) {
        RenewalRecord renewal = stored.renewal();
        return renewal == null ? null : renewal.attempts().pendingOrder();
    }

    private @Nullable KeyPair loadPendingKey() throws IOException {
        KeyPair key = store.loadNextKey(name).orElse(null);
        return key != null && (isCompromised(key) || store.isCompromised(key.getPublic())) ? null : key;
    }

    private KeyPair newKey() {
        KeyPair old = present == null ? null : present.keyPair();
        boolean isReused = old != null && wanted.spec().keyReuse() && hasWantedType(old) && !isCompromised(old);
        return isReused
                ? Objects.requireNonNull(old)
                : wanted.spec().effectiveKeyType().generate();
    }

    private boolean hasWantedType(KeyPair key) {
        KeyType type = wanted.spec().keyType();
        return type == null
                || KeyType.like(key.getPublic()).filter(type::equals).isPresent();
    }

    private boolean isCompromised(KeyPair key) {
        return known != null
                && known.origin().keyCompromised()
                && present != null
                && present.keyPair() != null
                && PlatformKeys.isSame(present.keyPair().getPublic(), key.getPublic());
    }

    // Only to the account that ordered it, at the CA that issued it: any other refuses (RFC 9773 section 5).
    private @Nullable CertificateId replaced(Account account) {
        CertificateChain chain = present == null ? null : present.chain();
        if (chain == null
                || known == null
                || !account.url().equals(known.origin().accountUrl())
                || !account.client().ca().directoryUrl().equals(known.issuer())
                || !clock.instant().isBefore(Validity.of(chain.leaf()).end())) {
            return null;
        }
        return CertificateId.of(chain.leaf()).orElse(null);
    }

    // The key first: whoever knows of the order must be able to complete it.
    private void remember(String order, KeyPair key) {
        if (remembered == null) {
            return;
        }
        try {
            store.saveNextKey(lease, name, key);
            remembered = remembered.withAttempts(remembered.attempts().withPendingOrder(order));
            save(remembered);
            isStored = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes down why it did not work, and when to try again. Not of a thread that was interrupted, since that says nothing
     * about the certificate; nor of a first try that never got as far as a challenge and left no order to resume, since its
     * names may be a typing error; nor of what is missing on this side.
     *
     * @param refusedSettings digest of the settings, if they may be why it failed; null otherwise
     */
    void failed(Throwable cause, @Nullable String refusedSettings) {
        if (remembered == null
                || !isStored
                || cause instanceof NotConfiguredException
                || Thread.currentThread().isInterrupted()) {
            return;
        }
        RenewalRecord after = recordOf(cause, remembered);
        RenewalRecord record = after.withAttempts(after.attempts().withRefusedSettings(refusedSettings));
        try {
            if (present == null && !isTried && record.attempts().pendingOrder() == null) {
                store.removeRequest(lease, name);
            } else {
                save(record);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void save(RenewalRecord record) throws IOException {
        String version = record.versionOf(Part.SPEC);
        if (!Objects.equals(version, specVersion)) {
            saveSpec(record, version);
        }
        store.saveAttempts(lease, name, record.attempts());
    }

    private void saveSpec(RenewalRecord record, @Nullable String version) throws IOException {
        try {
            store.saveSpec(name, record.spec(), record.unmanaged(), specVersion);
            specVersion = version;
        } catch (StoreConflictException e) {
            LOG.debug("what is requested as {} was changed meanwhile, and stays so", name, Trace.of(e));
        }
    }

    private RenewalRecord recordOf(Throwable cause, RenewalRecord before) {
        CertificateChain chain = present == null ? null : present.chain();
        Duration lifetime = chain == null ? null : Validity.of(chain.leaf()).lifetime();
        return Failure.recorded(before, cause, clock.instant(), lifetime, cas);
    }
}
