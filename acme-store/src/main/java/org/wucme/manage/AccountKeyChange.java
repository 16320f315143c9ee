package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeUserActionException;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.StoredAccount;

/**
 * The change of the key of an account in a store (RFC 8555 section 7.3.5). The new key is stored before the CA is told of it,
 * and the old one until the CA has confirmed: wherever a change is cut short, the next one, or whoever uses the account next,
 * finds out which of the two the CA knows, and the store ends with that one.
 */
public final class AccountKeyChange {

    private static final Logger LOG = LoggerFactory.getLogger(AccountKeyChange.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PATIENCE_WITH_ORDERS = Duration.ofMinutes(2);
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(5);

    private final CertificateStore store;
    private final AcmeClient client;
    private final String directoryUrl;

    /** Of the account that a store has at the client's CA. */
    public AccountKeyChange(CertificateStore store, AcmeClient client) {
        this.store = store;
        this.client = client;
        this.directoryUrl = client.ca().directoryUrl();
    }

    /**
     * Gives the account a new key. Waits for orders that are under way with the present one, in any process; new ones wait for
     * the change. A change that was begun before and cut short is carried through in its place.
     *
     * @param newKey makes the new key
     * @return the account with its new key, as it is stored now
     * @throws AcmeException if there is no account, or the CA does not change its key; the old one is then still in force
     * @throws IOException if it is not known whether the CA changed the key; call it once more later
     */
    public StoredAccount run(Supplier<KeyPair> newKey) throws IOException {
        try (Lease lock = store.lease(LeaseNames.account(directoryUrl), PATIENCE)
                .orElseThrow(() -> new IOException(
                        "another process is changing the account at " + directoryUrl + ": wait until it is done"))) {
            StoredAccount stored = store.loadAccount(directoryUrl).orElseThrow(this::noAccount);
            Optional<KeyPair> begun = store.loadNextAccountKey(directoryUrl);
            if (begun.isPresent() && isInForce(stored, begun.get())) {
                return save(stored, begun.get());
            }
            return changeWithoutOrders(stored, begun.orElseGet(newKey));
        }
    }

    private StoredAccount changeWithoutOrders(StoredAccount stored, KeyPair newKey) throws IOException {
        List<Lease> uses = AccountUse.exclude(store, directoryUrl, PATIENCE_WITH_ORDERS)
                .orElseThrow(
                        () -> new IOException("the key was not changed, since certificates are being ordered with the"
                                + " account at " + directoryUrl + " all the while: try again when that is done"));
        try {
            return change(stored, newKey);
        } finally {
            uses.forEach(Lease::close);
        }
    }

    private StoredAccount change(StoredAccount stored, KeyPair newKey) throws IOException {
        String url = stored.accountUrl();
        Account account = url != null
                ? client.account(url, stored.keyPair())
                : client.findAccount(stored.keyPair()).orElseThrow(this::noAccount);
        Account changed = account.changeKey(newKey, key -> store.saveNextAccountKey(directoryUrl, key));
        return save(new StoredAccount(directoryUrl, changed.url(), stored.contacts(), stored.keyPair()), newKey);
    }

    /**
     * The account with the key that is in force; empty if the store has none. Asks the CA only if a change was cut short.
     *
     * @throws IOException if the CA has to be asked, and does not answer
     */
    public Optional<StoredAccount> settled() throws IOException {
        Optional<StoredAccount> stored = store.loadAccount(directoryUrl);
        if (stored.isEmpty() || store.loadNextAccountKey(directoryUrl).isEmpty()) {
            return stored;
        }
        Optional<Lease> lock = store.lease(LeaseNames.account(directoryUrl), SHORT_PATIENCE);
        if (lock.isEmpty()) {
            // A change of the key waits for this process's orders, and the present key stays in force that long.
            return store.loadAccount(directoryUrl);
        }
        try (Lease held = lock.get()) {
            StoredAccount present = store.loadAccount(directoryUrl).orElseThrow(this::noAccount);
            Optional<KeyPair> begun = store.loadNextAccountKey(directoryUrl);
            return begun.isPresent() && isInForce(present, begun.get())
                    ? Optional.of(save(present, begun.get()))
                    : Optional.of(present);
        }
    }

    private StoredAccount save(StoredAccount stored, KeyPair key) throws IOException {
        StoredAccount changed = new StoredAccount(directoryUrl, stored.accountUrl(), stored.contacts(), key);
        store.saveAccount(changed);
        LOG.info("the account at {} has a new key", directoryUrl);
        return changed;
    }

    // The account itself is asked: not every CA finds an account by its key.
    private boolean isInForce(StoredAccount stored, KeyPair key) throws IOException {
        String url = stored.accountUrl();
        if (url == null) {
            return client.findAccount(key).isPresent();
        }
        try {
            client.account(url, key).fetch();
            return true;
        } catch (AcmeProblemException e) {
            if (e.isRetryable() || e instanceof AcmeUserActionException) {
                throw e;
            }
            return false;
        }
    }

    private AcmeException noAccount() {
        return new NotConfiguredException("no account is registered at " + directoryUrl + ": register first");
    }
}
