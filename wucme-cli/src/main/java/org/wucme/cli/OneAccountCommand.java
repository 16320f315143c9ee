package org.wucme.cli;

import java.io.IOException;
import java.util.Optional;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.manage.AccountKeyChange;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;

/** A command about the account that the store has at the CA that was asked for. */
abstract class OneAccountCommand extends WucmeCommand {

    @Override
    public final Integer call() throws IOException {
        CertificateStore store = globals().openStore();
        try (AcmeClient client = globals().connect(globals().ca(store))) {
            client.keepDirectoryIn(store.directories());
            return run(store, client);
        }
    }

    /** Does what the command is for. */
    abstract int run(CertificateStore store, AcmeClient client) throws IOException;

    /** The account as it is stored, with the key that the CA knows. */
    static StoredAccount stored(CertificateStore store, AcmeClient client) throws IOException {
        return new AccountKeyChange(store, client)
                .settled()
                .orElseThrow(() -> noAccount(client.ca().directoryUrl()));
    }

    /** The account. Its URL is looked up if the store does not have it. */
    static Account account(StoredAccount stored, AcmeClient client) throws IOException {
        String url = stored.accountUrl();
        Optional<Account> account =
                url == null ? client.findAccount(stored.keyPair()) : Optional.of(client.account(url, stored.keyPair()));
        return account.orElseThrow(() -> noAccount(client.ca().directoryUrl()));
    }

    static AcmeException noAccount(String directoryUrl) {
        return new AcmeException("no account is registered at " + directoryUrl + ": register first");
    }
}
