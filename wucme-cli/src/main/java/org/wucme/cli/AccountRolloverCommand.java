package org.wucme.cli;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.pki.KeyType;
import org.wucme.manage.AccountKeyChange;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rollover",
        description = {
            "Gives the account a new key; a backup of the old one stays. Orders and certificates are not touched:"
                    + " orders that are under way are waited for, up to two minutes, and new ones wait for the new key.",
            "Should this be cut short, the next command that needs the account finds out which key the CA knows."
        })
final class AccountRolloverCommand extends OneAccountCommand {

    @Option(
            names = "--account-key-type",
            paramLabel = "TYPE",
            description =
                    "The new key: ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096 or, where the CA takes it, ed25519."
                            + " Default: as the present one.")
    @Nullable
    KeyType keyType;

    @Override
    int run(CertificateStore store, AcmeClient client) throws IOException {
        StoredAccount present = store.loadAccount(client.ca().directoryUrl())
                .orElseThrow(() -> noAccount(client.ca().directoryUrl()));
        KeyType type = Optional.ofNullable(keyType)
                .or(() -> KeyType.like(present.keyPair().getPublic()))
                .orElse(KeyType.ED25519);
        StoredAccount changed = new AccountKeyChange(store, client).run(type::generate);
        out().println("Account " + changed.accountUrl() + " has a new key, thumbprint "
                + account(changed, client).identity().thumbprint());
        return ExitCode.DONE;
    }
}
