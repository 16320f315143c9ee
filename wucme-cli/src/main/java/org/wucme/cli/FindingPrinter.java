package org.wucme.cli;

import java.io.PrintWriter;
import org.wucme.cli.doctor.Finding;

/** Prints findings, each in a line, and remembers the worst. */
final class FindingPrinter {

    private final PrintWriter out;
    private boolean isGood = true;

    FindingPrinter(PrintWriter out) {
        this.out = out;
    }

    void add(Finding finding) {
        isGood &= finding.grade() != Finding.Grade.PROBLEM;
        String grade = switch (finding.grade()) {
            case OK -> "ok";
            case WARNING -> "warning";
            case PROBLEM -> "PROBLEM";
        };
        out.printf("%-8s %-12s %s%n", grade, finding.subject(), finding.text());
    }

    /** What the command ends with. */
    int exitCode() {
        return isGood ? ExitCode.DONE : ExitCode.FAILED;
    }
}
