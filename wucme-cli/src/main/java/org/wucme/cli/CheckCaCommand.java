package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Directory;
import org.wucme.acme.internal.text.OneLine;
import picocli.CommandLine.Command;

@Command(name = "ca", description = "Fetches the CA's directory and shows what it says.")
final class CheckCaCommand extends WucmeCommand {

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        PrintWriter out = out();
        try (AcmeClient client = globals.connect(ca(globals))) {
            long start = System.nanoTime();
            Directory directory = client.fetchDirectory();
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            out.println("The CA answers: " + client.ca().directoryUrl() + " (" + millis + " ms)");
            print(out, "terms of service", directory.termsOfService());
            print(out, "website", directory.website());
            print(
                    out,
                    "profiles",
                    String.join(", ", new TreeSet<>(directory.profiles().keySet())));
            print(out, "CAA identities", String.join(", ", directory.caaIdentities()));
            print(out, "account binding", directory.externalAccountRequired() ? "required" : "not required");
            print(out, "renewal information", directory.renewalInfo() == null ? "no" : "yes");
            client.ca().quirks().stream().sorted().forEach(quirk -> print(out, "note", quirk.advice()));
        }
        return ExitCode.DONE;
    }

    // The check is made before there is a store, too.
    private static Ca ca(Globals globals) throws IOException {
        boolean isStoreAsked = globals.ca == null && Files.isDirectory(globals.here());
        return globals.ca(isStoreAsked ? globals.openStore() : null);
    }

    private static void print(PrintWriter out, String what, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            out.println("  " + what + ": " + OneLine.of(value));
        }
    }
}
