package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.wucme.cli.report.Health;
import org.wucme.cli.report.ManagerState;
import org.wucme.cli.report.Report;
import org.wucme.cli.report.ReportJson;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoreLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Tells how all certificates stand, and whether a manager takes care of them.",
            "For monitoring: exits with 0 if all is well, with 1 if there is no certificate, and with 2 if one",
            "needs attention: it is missing, expires soon, or an attempt or a deployment failed."
        })
final class StatusCommand extends WucmeCommand {

    @Option(names = "--json", description = "As JSON: one object, the same as the agent's /status.json.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        // A program may read what we print.
        globals().logTo(err());
        CertificateStore store = globals().openStore();
        Report report = Report.of(store.list(), manager(store), Instant.now());
        if (json) {
            out().println(ReportJson.write(report));
        } else {
            print(report, out());
        }
        if (report.health() != Health.OK) {
            return ExitCode.FAILED;
        }
        return report.certificates().isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.DONE;
    }

    private static ManagerState manager(CertificateStore store) throws IOException {
        Optional<StoreLock> lock = store.lockActive(Duration.ZERO);
        if (lock.isEmpty()) {
            return ManagerState.seen(ManagerState.Role.ACTIVE, "another process");
        }
        lock.get().close();
        return ManagerState.seen(ManagerState.Role.NONE, null);
    }

    private static void print(Report report, PrintWriter out) {
        out.println("Health: " + report.health());
        out.println("Manager: " + describe(report.manager()));
        CertificateTable.print(report, out);
        CertificateTable.printFindings(report, out);
    }

    private static String describe(ManagerState manager) {
        if (manager.role() == ManagerState.Role.NONE) {
            return "none is active; \"wucme agent\", or \"wucme manage\" every day, takes care of the certificates";
        }
        return manager.role() + (manager.who() == null ? "" : ", " + OneLine.of(manager.who()));
    }
}
