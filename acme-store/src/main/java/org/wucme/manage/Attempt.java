package org.wucme.manage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeException;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.OrderRequest;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateStore;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * One try to obtain one certificate, under its lock.
 *
 * <p>What was asked for takes the place of what is stored when the certificate is there, and not before. Until then the store
 * is told of the pending order, and of a failure, in the record that it has; in a new one if there is no certificate yet. Of
 * an order unlike the one that a renewal would make, it is told nothing.
 */
final class Attempt {

    private final CertificateStore store;
    private final Clock clock;
    private final String name;
    private final RenewalRecord wanted;
    private @Nullable RenewalRecord remembered;
    private boolean isStored;

    /**
     * An attempt that has not begun.
     *
     * @param present what is stored under the name; null if nothing is
     * @param known what a renewal of that would ask for; null if there is nothing to renew
     */
    Attempt(
            CertificateStore store,
            Clock clock,
            RenewalRecord wanted,
            String name,
            @Nullable StoredCertificate present,
            @Nullable RenewalRecord known) {
        RenewalRecord begun = known != null && haveSameOrder(known, wanted) ? known : null;
        boolean isIssued = present != null && present.chain() != null;
        this.store = store;
        this.clock = clock;
        this.name = name;
        this.wanted = wanted;
        this.remembered = isIssued ? begun : firstRecord(wanted, begun);
        this.isStored = present != null;
    }

    private static RenewalRecord firstRecord(RenewalRecord wanted, @Nullable RenewalRecord begun) {
        return wanted.toBuilder()
                .pendingOrder(begun == null ? null : begun.pendingOrder())
                .failures(begun == null ? 0 : begun.failures())
                .build();
    }

    private static boolean haveSameOrder(RenewalRecord one, RenewalRecord other) {
        return Set.copyOf(one.identifiers()).equals(Set.copyOf(other.identifiers()))
                && one.directoryUrl().equals(other.directoryUrl())
                && Objects.equals(one.profile(), other.profile())
                && keyType(one) == keyType(other);
    }

    private static KeyType keyType(RenewalRecord record) {
        KeyType type = record.keyType();
        return type == null ? KeyType.EC_P256 : type;
    }

    /** Obtains the certificate and stores it. */
    StoredCertificate run(Account account, List<? extends ChallengeSolver> solvers, Consumer<IssuanceEvent> progress)
            throws IOException {
        IssuedCertificate issued = obtain(account, solvers, progress);
        RenewalRecord renewal = wanted.toBuilder()
                .accountUrl(account.url())
                .ari(null)
                .failures(0)
                .lastProblem(null)
                .nextAttempt(null)
                .pendingOrder(null)
                .build();
        // The request that obtain() makes has a key pair.
        store.save(name, issued.chain(), Objects.requireNonNull(issued.key()), renewal);
        return store.load(name).orElseThrow();
    }

    private IssuedCertificate obtain(
            Account account, List<? extends ChallengeSolver> solvers, Consumer<IssuanceEvent> progress)
            throws IOException {
        String pendingOrder = remembered == null ? null : remembered.pendingOrder();
        KeyPair pendingKey =
                pendingOrder == null ? null : store.loadNextKey(name).orElse(null);
        KeyPair key = pendingKey == null ? keyType(wanted).generate() : pendingKey;
        CertificateRequest request = CertificateRequest.builder(
                        OrderRequest.of(wanted.identifiers()).profile(wanted.profile()))
                .key(key)
                // Without its key, an order that was finalized cannot be completed.
                .resume(pendingKey == null ? null : pendingOrder)
                .listener(event -> {
                    if (event instanceof IssuanceEvent.OrderCreated created) {
                        remember(created.order().url(), key);
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

    // The key first: whoever knows of the order must be able to complete it.
    private void remember(String order, KeyPair key) {
        if (remembered == null) {
            return;
        }
        try {
            store.saveNextKey(name, key);
            remembered = remembered.toBuilder().pendingOrder(order).build();
            store.saveRenewal(name, remembered);
            isStored = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes down why it did not work, and when to try again. Not of a thread that was interrupted, since that says nothing
     * about the certificate; nor of a first try that never got as far as an order, since its names may be a typing error.
     */
    void failed(Exception cause) {
        if (remembered == null || !isStored || Thread.currentThread().isInterrupted()) {
            return;
        }
        int failures = remembered.failures() + 1;
        RenewalRecord record = remembered.toBuilder()
                .failures(failures)
                .lastProblem(cause.getMessage() == null ? cause.toString() : cause.getMessage())
                .nextAttempt(FailureBackoff.nextAttempt(failures, cause, clock.instant()))
                .pendingOrder(leavesOrderOfUse(cause) ? remembered.pendingOrder() : null)
                .build();
        try {
            store.saveRenewal(name, record);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    // What failed on this side, such as a full disk, has not spoilt the order.
    private static boolean leavesOrderOfUse(Exception cause) {
        return cause instanceof AcmeException failure ? failure.isRetryable() : cause instanceof IOException;
    }
}
