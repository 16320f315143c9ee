package org.wucme.cli.imports;

import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account that another client has.
 *
 * @param where the path it was found at
 * @param directoryUrl the CA's directory
 * @param url the account's URL; null if the client did not keep it, or it is not one of this CA
 * @param contacts URLs, such as {@code mailto:hostmaster@example.org}
 * @param keyPair what signs for the account
 */
record ForeignAccount(
        String where, String directoryUrl, @Nullable String url, List<String> contacts, KeyPair keyPair) {

    ForeignAccount {
        contacts = List.copyOf(contacts);
    }

    /** The same, at this URL. */
    ForeignAccount at(String accountUrl) {
        return new ForeignAccount(where, directoryUrl, accountUrl, contacts, keyPair);
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "ForeignAccount[where=" + where + ", directoryUrl=" + directoryUrl + ", url=" + url + "]";
    }
}
