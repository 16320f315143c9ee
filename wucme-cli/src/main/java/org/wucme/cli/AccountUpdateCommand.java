package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.wucme.acme.Account;
import org.wucme.acme.AccountInfo;
import org.wucme.acme.AccountStatus;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Replaces the contacts of the account, and shows what the CA then has.")
final class AccountUpdateCommand extends OneAccountCommand {

    @Parameters(paramLabel = "EMAIL", arity = "0..*", description = "Where the CA may write to from now on.")
    List<String> emails = List.of();

    @Option(names = "--no-contacts", description = "Removes all contacts.")
    boolean noContacts;

    @Override
    int run(CertificateStore store, AcmeClient client) throws IOException {
        List<String> contacts =
                ListArguments.split(emails).map(RegisterCommand::contactOf).toList();
        if (contacts.isEmpty() != noContacts) {
            throw new IllegalArgumentException("give the contacts to come, or --no-contacts to have none");
        }
        StoredAccount stored = stored(store, client);
        Account account = account(stored, client);
        AccountInfo now = account.updateContacts(contacts);
        store.saveAccount(new StoredAccount(stored.directoryUrl(), account.url(), contacts, stored.keyPair()));
        out().println("Account " + account.url() + ", " + status(now) + ", has "
                + (now.contacts().isEmpty() ? "no contacts now" : "these contacts now: " + shown(now.contacts())));
        if (!areSame(now.contacts(), contacts)) {
            out().println(difference(now.contacts(), contacts));
        }
        return ExitCode.DONE;
    }

    private static String status(AccountInfo now) {
        return now.status() == AccountStatus.UNKNOWN
                ? "of a status that the CA does not report"
                : now.status().toString();
    }

    // As a CA may write an address in its own way.
    private static boolean areSame(List<String> some, List<String> others) {
        return lowerCase(some).equals(lowerCase(others));
    }

    private static Set<String> lowerCase(List<String> contacts) {
        return contacts.stream()
                .map(contact -> contact.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static String difference(List<String> stored, List<String> requested) {
        if (requested.isEmpty()) {
            return "The request was to remove all contacts, and the CA still has some: ask the CA";
        }
        return stored.isEmpty()
                ? "The CA took the request and stored no contacts. Some CAs ignore them, such as Let's Encrypt, which sends no"
                        + " mail; do not rely on mail from it"
                : "That is not what was requested, " + shown(requested) + ": the CA stores contacts as it likes";
    }

    private static String shown(List<String> contacts) {
        return OneLine.of(String.join(", ", contacts));
    }
}
