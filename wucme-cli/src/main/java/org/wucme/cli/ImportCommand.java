package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.cli.imports.FolderImport;
import org.wucme.cli.imports.ForeignClient;
import org.wucme.cli.imports.ImportMode;
import org.wucme.cli.imports.Report;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Takes over the accounts and certificates of certbot, lego, acme.sh or uacme.",
            "\"manage\" and \"agent\" renew them then. What these have stays as it is; what cannot be taken over is said,"
                    + " with the reason."
        })
final class ImportCommand extends WucmeCommand {

    @Parameters(
            paramLabel = "DIR",
            description = "Their folder, such as /etc/letsencrypt, .lego, ~/.acme.sh or /etc/ssl/uacme.")
    @Nullable
    Path folder;

    @Option(
            names = "--from",
            paramLabel = "CLIENT",
            completionCandidates = ClientNames.class,
            description = "Whose folder it is, if that is not seen: ${COMPLETION-CANDIDATES}.")
    @Nullable
    String from;

    @Option(
            names = "--force",
            description = "Takes the place of what the store has of the same name; a backup of that stays.")
    boolean force;

    @Option(names = "--dry-run", description = "Says what would be taken over, and changes nothing.")
    boolean dryRun;

    @Option(names = "--offline", description = "Asks no CA for the URL of an account whose client did not keep it.")
    boolean offline;

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        ForeignClient client = from == null ? null : ForeignClient.of(from);
        String directoryUrl = globals.ca == null ? null : Ca.of(globals.ca).directoryUrl();
        FolderImport source = FolderImport.of(Objects.requireNonNull(folder), client, directoryUrl);
        Report report = new Report(out(), err());
        FileStore store = dryRun ? globals.lookAtStore() : globals.createStore();
        source.into(store, new ImportMode(force, dryRun), offline ? null : this::accountUrl, report);
        return report(source, report);
    }

    private int report(FolderImport source, Report report) {
        if (report.hasTakenOver() && !dryRun) {
            out().println("Now keep " + source.client() + " from renewing what wucme renews, by its timer or cron job");
        }
        if (report.hasFailed()) {
            return ExitCode.FAILED;
        }
        return report.hasTakenOver() ? ExitCode.DONE : ExitCode.NOTHING_TO_DO;
    }

    private Optional<String> accountUrl(String directoryUrl, KeyPair key) throws IOException {
        try (AcmeClient client = globals().connect(Ca.of(directoryUrl))) {
            return client.findAccount(key).map(Account::url);
        }
    }

    /** For the help and for the shell's completion. */
    static final class ClientNames implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(ForeignClient.values())
                    .map(ForeignClient::toString)
                    .iterator();
        }
    }
}
