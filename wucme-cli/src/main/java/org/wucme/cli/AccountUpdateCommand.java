package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Replaces the contacts of the account.")
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
        account.updateContacts(contacts);
        store.saveAccount(new StoredAccount(stored.directoryUrl(), account.url(), contacts, stored.keyPair()));
        out().println("Account " + account.url() + " has "
                + (contacts.isEmpty() ? "no contacts now" : "these contacts now: " + String.join(", ", contacts)));
        return ExitCode.DONE;
    }
}
