package org.wucme.acme;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a CA knows about an account (RFC 8555 section 7.1.2): a snapshot, immutable.
 *
 * @param url the account's identity, exactly as the CA gave it
 * @param status where the account stands
 * @param contacts URLs such as {@code mailto:hostmaster@example.org}; some CAs do not tell
 * @param orders URL of the list of its orders; many CAs have none
 */
public record AccountInfo(
        String url,
        AccountStatus status,
        List<String> contacts,
        @Nullable String orders) {

    public AccountInfo {
        contacts = List.copyOf(contacts);
    }
}
