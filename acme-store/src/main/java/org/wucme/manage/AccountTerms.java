package org.wucme.manage;

import java.util.List;
import java.util.Map;
import org.wucme.acme.ExternalAccount;

/**
 * How accounts are registered where one is missing.
 *
 * @param contacts where CAs may write to, such as {@code mailto:hostmaster@example.org}
 * @param areAgreed whether a human agreed to the terms of the CAs in use; no account is registered otherwise
 * @param externalAccounts what to bind an account to, by the directory of the CA
 */
record AccountTerms(List<String> contacts, boolean areAgreed, Map<String, ExternalAccount> externalAccounts) {

    static final AccountTerms NONE = new AccountTerms(List.of(), false, Map.of());

    AccountTerms {
        contacts = List.copyOf(contacts);
        externalAccounts = Map.copyOf(externalAccounts);
    }
}
