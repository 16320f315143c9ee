package org.wucme.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Registration;
import org.wucme.acme.pki.KeyType;
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
                    "Key of the account: ec-p256, ec-p384, rsa-2048, rsa-3072 or rsa-4096 (default: ${DEFAULT-VALUE}).")
    KeyType keyType = KeyType.EC_P256;

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        PrintWriter out = out();
        List<String> contacts =
                ListArguments.split(emails).map(RegisterCommand::contactOf).toList();
        CertificateStore store = globals.createStore();
        try (AcmeClient client = globals.connect(globals.ca(store))) {
            StoredAccount stored = store.loadAccount(client.ca().directoryUrl()).orElse(null);
            if (stored != null) {
                Optional<Account> account = client.findAccount(stored.keyPair());
                if (account.isPresent()) {
                    keep(store, client.ca(), account.get(), stored.contacts(), stored.keyPair());
                    out.println("An account exists already: " + account.get().url()
                            + (contacts.isEmpty() ? "" : "; its contacts stay as they are"));
                    return ExitCode.NOTHING_TO_DO;
                }
            }
            KeyPair key = stored == null ? keyType.generate() : stored.keyPair();
            register(client, store, key, contacts, out);
            return ExitCode.DONE;
        }
    }

    private void register(
            AcmeClient client, CertificateStore store, KeyPair key, List<String> contacts, PrintWriter out)
            throws IOException {
        Registration registration = Registration.with(key);
        for (String contact : contacts) {
            registration = registration.contact(contact);
        }
        String terms = client.fetchDirectory().termsOfService();
        if (terms != null && !agreeTos) {
            requireAgreement(terms);
        }
        // The key is kept first: should the CA's answer be lost, the same key finds the account again.
        store.saveAccount(new StoredAccount(client.ca().directoryUrl(), null, contacts, key));
        Account account = client.register(registration.agreeToTerms());
        keep(store, client.ca(), account, contacts, key);
        out.println("Account registered: " + account.url());
    }

    private static void keep(CertificateStore store, Ca ca, Account account, List<String> contacts, KeyPair key)
            throws IOException {
        store.saveAccount(new StoredAccount(ca.directoryUrl(), account.url(), contacts, key));
    }

    private void requireAgreement(String terms) throws IOException {
        String answer = globals().isTerminal()
                ? ask("The CA's terms of service: " + OneLine.of(terms) + "\nDo you agree? [y/N] ")
                : "";
        if (!answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new IllegalArgumentException("the CA registers nobody who does not agree to its terms of service: "
                    + terms + ". Read them; --agree-tos says that you agree");
        }
    }

    private String ask(String question) throws IOException {
        out().print(question);
        out().flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer == null ? "" : answer;
    }

    private static String contactOf(String email) {
        return email.contains(":") ? email : "mailto:" + email;
    }
}
