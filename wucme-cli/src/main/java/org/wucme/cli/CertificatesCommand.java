package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.wucme.cli.report.Report;
import org.wucme.cli.report.ReportJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "certificates", description = "Lists the certificates, and how much of their life is left.")
final class CertificatesCommand extends WucmeCommand {

    @Option(names = "--json", description = "As JSON: a list with one object for each certificate.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = out();
        // A program may read what we print.
        globals().logTo(err());
        Report report = globals().report();
        if (json) {
            out.println(ReportJson.writeCertificates(report));
        } else {
            CertificateTable.print(report, out);
            CertificateTable.printFlaws(report, out);
        }
        return report.certificates().isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.DONE;
    }
}
