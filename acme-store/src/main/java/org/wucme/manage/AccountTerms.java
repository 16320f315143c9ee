package org.wucme.manage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wucme.acme.ExternalAccount;

/**
 * How accounts are registered where one is missing.
 *
 * @param contacts where CAs may write to, such as {@code mailto:hostmaster@example.org}
 * @param areAgreed whether a human agreed to the terms of the CAs in use; without it, an account is registered only at the
 *     CAs of {@code managed} that have no terms
 * @param externalAccounts what to bind an account to, by the directory of the CA
 * @param managed the directories of the CAs of which certificates are to be obtained
 */
record AccountTerms(
        List<String> contacts, boolean areAgreed, Map<String, ExternalAccount> externalAccounts, Set<String> managed) {

    AccountTerms {
        contacts = List.copyOf(contacts);
        externalAccounts = Map.copyOf(externalAccounts);
        managed = Set.copyOf(managed);
    }
}
