package org.wucme.cli;

import java.io.IOException;
import org.wucme.cli.report.Health;
import org.wucme.cli.report.Report;
import org.wucme.cli.report.ReportJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Tells how all certificates stand, and whether a manager takes care of them.",
            "For monitoring: exits with 0 if all is well, with 1 if there is no certificate, and with 2 if one needs"
                    + " attention: it is missing, expires soon, or an attempt or a deployment failed."
        })
final class StatusCommand extends WucmeCommand {

    @Option(names = "--json", description = "As JSON: one object, the same as the agent's /status.json.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        // A program may read what we print.
        globals().logTo(err());
        Report report = globals().report();
        if (json) {
            out().println(ReportJson.write(report));
        } else {
            StatusText.print(report, out());
        }
        if (report.health() != Health.OK) {
            return ExitCode.FAILED;
        }
        return report.certificates().isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.DONE;
    }
}
