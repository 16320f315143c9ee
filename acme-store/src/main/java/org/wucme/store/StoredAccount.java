package org.wucme.store;

import java.security.KeyPair;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An account at one CA.
 *
 * @param directoryUrl the CA's directory
 * @param accountUrl the account's URL; null if only the key is known, and the CA must be asked (RFC 8555 section 7.3.1)
 * @param contacts URLs, such as {@code mailto:hostmaster@example.org}
 * @param keyPair what signs for the account
 */
public record StoredAccount(String directoryUrl, @Nullable String accountUrl, List<String> contacts, KeyPair keyPair) {

    public StoredAccount {
        Objects.requireNonNull(directoryUrl, "directoryUrl");
        contacts = List.copyOf(contacts);
        Objects.requireNonNull(keyPair, "keyPair");
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "StoredAccount[directoryUrl=" + directoryUrl + ", accountUrl=" + accountUrl + ", contacts=" + contacts
                + "]";
    }
}
