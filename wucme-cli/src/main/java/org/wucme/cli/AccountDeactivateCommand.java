package org.wucme.cli;

import java.io.IOException;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.ProblemType;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "deactivate",
        description = {
            "Deactivates the account for good.",
            "Its certificates stay valid, but are not renewed before another account is registered. The key is kept aside,"
                    + " under a name that says so."
        })
final class AccountDeactivateCommand extends OneAccountCommand {

    @Option(names = "--yes", description = "Does it without being asked.")
    boolean yes;

    @Override
    int run(CertificateStore store, AcmeClient client) throws IOException {
        StoredAccount stored = stored(store, client);
        Account account;
        try {
            account = account(stored, client);
        } catch (AcmeProblemException e) {
            return retired(e, store, client);
        }
        if (!yes && !isAgreed("Deactivate account " + account.url() + " for good?")) {
            throw new IllegalArgumentException(
                    "account " + account.url() + " stays: nobody can make it valid again; --yes says that it is meant");
        }
        try {
            account.deactivate();
        } catch (AcmeProblemException e) {
            return deactivatedBefore(e, stored, store, client);
        }
        out().println("Account " + account.url() + " is deactivated");
        retire(store, client);
        return ExitCode.DONE;
    }

    // A CA that does not know the key says so; one that knows it, and has deactivated its account, refuses it.
    private int deactivatedBefore(
            AcmeProblemException refusal, StoredAccount stored, CertificateStore store, AcmeClient client)
            throws IOException {
        try {
            client.findAccount(stored.keyPair());
        } catch (AcmeProblemException e) {
            return retired(e, store, client);
        }
        throw refusal;
    }

    private int retired(AcmeProblemException refusal, CertificateStore store, AcmeClient client) throws IOException {
        if (!refusal.problem().is(ProblemType.UNAUTHORIZED)) {
            throw refusal;
        }
        out().println("The account at " + client.ca().directoryUrl() + " was deactivated already");
        retire(store, client);
        return ExitCode.NOTHING_TO_DO;
    }

    private void retire(CertificateStore store, AcmeClient client) throws IOException {
        out().println("its key is kept as " + store.retireAccount(client.ca().directoryUrl()));
    }
}
