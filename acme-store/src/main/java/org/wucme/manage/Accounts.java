package org.wucme.manage;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;

/** The accounts that a store holds, ready to be used at their CA. */
final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private Accounts() {}

    /**
     * The account at the client's CA; empty if there is none. One of which only the key is known, as wµCME left it, is looked
     * up and its URL kept.
     */
    static Optional<Account> find(AcmeClient client, CertificateStore store) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        StoredAccount stored = store.loadAccount(directoryUrl).orElse(null);
        if (stored == null) {
            return Optional.empty();
        }
        String url = stored.accountUrl();
        if (url != null) {
            return Optional.of(client.account(url, stored.keyPair()));
        }
        Optional<Account> found = client.findAccount(stored.keyPair());
        if (found.isPresent()) {
            store.saveAccount(new StoredAccount(directoryUrl, found.get().url(), stored.contacts(), stored.keyPair()));
        } else {
            LOG.info("the stored account key has no account at {}", directoryUrl);
        }
        return found;
    }

    /**
     * As {@link #find}.
     *
     * @throws AcmeException if there is none
     */
    static Account require(AcmeClient client, CertificateStore store) throws IOException {
        return find(client, store)
                .orElseThrow(() -> new AcmeException(
                        "no account is registered at " + client.ca().directoryUrl() + ": register first"));
    }
}
