package org.wucme.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AccountInfo;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "show", description = "Shows what the CA knows of the account.")
final class AccountShowCommand extends OneAccountCommand {

    @Option(names = "--json", description = "As JSON: one object.")
    boolean json;

    @Override
    int run(CertificateStore store, AcmeClient client) throws IOException {
        // A program may read what we print.
        globals().logTo(err());
        StoredAccount stored = stored(store, client);
        Account account = account(stored, client);
        print(shown(account, account.fetch()));
        return ExitCode.DONE;
    }

    // Nothing but what one request brings: a list of orders, asked for in passing, has broken accounts at step-ca.
    private static Map<String, @Nullable Object> shown(Account account, AccountInfo info) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("account", account.url());
        shown.put("directory", account.client().ca().directoryUrl());
        shown.put("status", info.status().toString());
        shown.put("contacts", info.contacts());
        shown.put("thumbprint", account.identity().thumbprint());
        return shown;
    }

    private void print(Map<String, @Nullable Object> shown) throws IOException {
        PrintWriter out = out();
        if (json) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(shown));
            return;
        }
        shown.forEach((name, value) -> {
            String text = value instanceof List<?> list
                    ? String.join(", ", list.stream().map(Object::toString).toList())
                    : Objects.toString(value, "");
            out.printf("%-12s%s%n", name + ":", text.isEmpty() ? "not told" : OneLine.of(text));
        });
    }
}
