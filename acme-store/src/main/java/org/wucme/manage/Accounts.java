package org.wucme.manage;

import java.io.IOException;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;

/** The accounts that a store holds, ready to be used at their CA. */
final class Accounts {

    private Accounts() {}

    /**
     * The account at the client's CA. One of which only the key is known, as wµCME left it, is looked up and its URL kept.
     *
     * @throws AcmeException if there is none
     */
    static Account at(AcmeClient client, CertificateStore store) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        StoredAccount stored = store.loadAccount(directoryUrl)
                .orElseThrow(
                        () -> new AcmeException("no account is registered at " + directoryUrl + ": register first"));
        String url = stored.accountUrl();
        if (url != null) {
            return client.account(url, stored.keyPair());
        }
        Account found = client.findAccount(stored.keyPair())
                .orElseThrow(() -> new AcmeException(
                        "the stored account key has no account at " + directoryUrl + ": register first"));
        store.saveAccount(new StoredAccount(directoryUrl, found.url(), stored.contacts(), stored.keyPair()));
        return found;
    }
}
