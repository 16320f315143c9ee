package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Directory;
import org.wucme.acme.ExternalAccount;
import org.wucme.acme.Registration;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.KeyType;
import org.wucme.manage.AccountKeyChange;
import org.wucme.manage.AccountStanding;
import org.wucme.manage.CertificateManager;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "register", description = "Creates an account at the CA, with a key of its own. Needed once.")
final class RegisterCommand extends WucmeCommand {

    @Parameters(paramLabel = "EMAIL", arity = "0..*", description = "Where the CA may write to.")
    List<String> emails = List.of();

    @Option(names = "--agree-tos", description = "Agrees to the CA's terms of service without being asked.")
    boolean agreeTos;

    @Option(
            names = "--account-key-type",
            paramLabel = "TYPE",
            defaultValue = "ec-p256",
            description =
                    "Key of the account: ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096 or, where the CA takes it, ed25519 (default: ${DEFAULT-VALUE}).")
    KeyType keyType = KeyType.EC_P256;

    @Option(
            names = "--eab-kid",
            paramLabel = "ID",
            description =
                    "Key identifier of the account that you have with the CA already, if it wants one (external account binding).")
    @Nullable
    String eabKid;

    @Option(
            names = "--eab-key",
            paramLabel = "KEY",
            description = {
                "MAC key that goes with it, as the CA shows it.",
                "Better given as WUCME_EAB_KEY, where no other user of this machine sees it."
            })
    @Nullable
    String eabKey;

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        PrintWriter out = out();
        List<String> contacts =
                ListArguments.split(emails).map(RegisterCommand::contactOf).toList();
        ExternalAccount externalAccount = externalAccount();
        CertificateStore store = globals.createStore();
        try (AcmeClient client = globals.connect(globals.ca(store))) {
            // What this fetches, the next command has at hand.
            client.keepDirectoryIn(store.directories());
            StoredAccount stored = new AccountKeyChange(store, client).settled().orElse(null);
            AccountStanding standing = stored == null ? null : AccountStanding.ask(client, stored);
            Account usable = standing == null ? null : standing.usable().orElse(null);
            if (stored != null && usable != null) {
                keep(store, client.ca(), usable, stored.contacts(), stored.keyPair());
                out.println("An account exists already: " + usable.url()
                        + (contacts.isEmpty() ? "" : "; its contacts stay as they are")
                        + ". \"wucme account update\" changes its contacts, \"account rollover\" its key;"
                        + " after \"account deactivate\", \"register\" makes another one");
                retryNow(store, client.ca());
                return ExitCode.NOTHING_TO_DO;
            }
            KeyPair key = stored == null || isSpent(standing) ? keyType.generate() : stored.keyPair();
            register(client, store, key, contacts, externalAccount, out);
            retryNow(store, client.ca());
            return ExitCode.DONE;
        }
    }

    // A key whose account was deactivated or revoked never gets another one.
    private boolean isSpent(@Nullable AccountStanding standing) {
        if (standing == null || standing.isUnknown()) {
            return false;
        }
        out().println("The account that was used so far cannot be used any longer: " + standing.problem());
        return true;
    }

    // What failed because of the account need not wait until its backoff has passed.
    private static void retryNow(CertificateStore store, Ca ca) throws IOException {
        try (CertificateManager manager = CertificateManager.builder(store).build()) {
            manager.retryNow(ca);
        }
    }

    private void register(
            AcmeClient client,
            CertificateStore store,
            KeyPair key,
            List<String> contacts,
            @Nullable ExternalAccount externalAccount,
            PrintWriter out)
            throws IOException {
        Registration registration = Registration.with(key).externalAccount(externalAccount);
        for (String contact : contacts) {
            registration = registration.contact(contact);
        }
        Directory directory = client.fetchCurrentDirectory();
        if (externalAccount == null && directory.externalAccountRequired()) {
            throw new IllegalArgumentException(
                    "the CA registers only who has an account with it already: get a key identifier and a MAC key"
                            + " there, and give them by --eab-kid and --eab-key");
        }
        String terms = directory.termsOfService();
        if (terms != null && !agreeTos) {
            requireAgreement(terms);
        }
        // The key is kept first: should the CA's answer be lost, the same key finds the account again.
        store.saveAccount(new StoredAccount(client.ca().directoryUrl(), null, contacts, key));
        Account account = client.register(registration.agreeToTerms());
        keep(store, client.ca(), account, contacts, key);
        out.println("Account registered: " + account.url());
    }

    private @Nullable ExternalAccount externalAccount() {
        if (eabKid == null && eabKey == null) {
            return null;
        }
        if (eabKid == null || eabKey == null) {
            throw new IllegalArgumentException("--eab-kid and --eab-key go together: the CA hands out both");
        }
        return ExternalAccount.of(eabKid, eabKey);
    }

    private static void keep(CertificateStore store, Ca ca, Account account, List<String> contacts, KeyPair key)
            throws IOException {
        store.saveAccount(new StoredAccount(ca.directoryUrl(), account.url(), contacts, key));
    }

    private void requireAgreement(String terms) throws IOException {
        if (!isAgreed("The CA's terms of service: " + OneLine.of(terms) + "\nDo you agree?")) {
            throw new IllegalArgumentException("the CA registers nobody who does not agree to its terms of service: "
                    + terms + ". Read them; --agree-tos says that you agree");
        }
    }

    /** The URL of a contact that is given as such, or as an e-mail address. */
    static String contactOf(String email) {
        return email.contains(":") ? email : "mailto:" + email;
    }
}
