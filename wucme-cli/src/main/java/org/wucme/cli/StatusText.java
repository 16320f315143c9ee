package org.wucme.cli;

import java.io.PrintWriter;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.report.ManagerState;
import org.wucme.cli.report.Report;

/** The whole report for people at a terminal. */
final class StatusText {

    private StatusText() {}

    static void print(Report report, PrintWriter out) {
        out.println("Health: " + report.health());
        out.println("Manager: " + describe(report.manager()));
        CertificateTable.print(report, out);
        CertificateTable.printFlaws(report, out);
    }

    private static String describe(ManagerState manager) {
        if (manager.role() == ManagerState.Role.NONE) {
            return "none is active; \"wucme agent\", or \"wucme manage\" every day, takes care of the certificates";
        }
        return manager.role()
                + (manager.who() == null ? "" : ", " + OneLine.of(manager.who()))
                + (manager.since() == null ? "" : ", since " + LocalMinute.of(manager.since()));
    }
}
