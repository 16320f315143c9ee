package org.wucme.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.manage.CertificateManager;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = {
            "Stops managing certificates, or requests for certificates that were never issued. Nothing is revoked.",
            "The files of a certificate stay for the servers that use them; it is neither renewed nor loaded anymore, and raises"
                    + " no alarm. \"issue\" with the same hosts manages it again. Of a request, nothing is left."
        })
final class ForgetCommand extends WucmeCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description =
                    "What \"certificates\" lists: a file, its name, or a host of one certificate alone; separated by"
                            + " spaces or commas.")
    List<String> names = List.of();

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        FileStore store = globals.openStore();
        // All are found before the first is forgotten.
        Set<StoredCertificate> found = new LinkedHashSet<>();
        for (String name : ListArguments.require(names, "a certificate")) {
            found.add(CertificateArgument.findStored(store, name));
        }
        boolean isAnyForgotten = false;
        try (CertificateManager manager = CertificateManager.builder(store).build()) {
            for (StoredCertificate stored : found) {
                boolean isForgotten = manager.unmanage(stored.name());
                out().println(OneLine.of(describe(stored, isForgotten)));
                isAnyForgotten |= isForgotten;
            }
        }
        return isAnyForgotten ? ExitCode.DONE : ExitCode.NOTHING_TO_DO;
    }

    private static String describe(StoredCertificate stored, boolean isForgotten) {
        if (!isForgotten) {
            return stored.location() + ": was not managed already";
        }
        if (stored.chain() == null && stored.problem() == null) {
            return stored.name() + ": the request for " + Outcomes.names(stored.identifiers()) + " is removed";
        }
        Instant end = stored.notAfter();
        return stored.location() + ": not managed anymore; the file stays for servers that use it"
                + (end == null ? "" : ", and expires on " + LocalMinute.of(end));
    }
}
