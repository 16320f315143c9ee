package org.wucme.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.report.CertificateReport;
import org.wucme.cli.report.Flaw;
import org.wucme.cli.report.Report;
import org.wucme.manage.IssuedCertificate;

/** Certificates as a table for people, with each life as a bar. */
final class CertificateTable {

    private static final int BAR_LENGTH = 20;

    private CertificateTable() {}

    static void print(Report report, PrintWriter out) {
        if (report.certificates().isEmpty()) {
            out.println("There is no certificate here.");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FILE", "NAMES", "ISSUER", "NOT BEFORE", "NOT AFTER", "DAYS LEFT", "LIFE"));
        report.certificates().forEach(certificate -> rows.add(row(certificate, report.at())));
        int[] widths = widths(rows);
        rows.forEach(row -> out.println(line(row, widths)));
        out.println("LIFE: # gone, - left, | due for renewal");
    }

    /** A line for each thing that is not as it should be. */
    static void printFlaws(Report report, PrintWriter out) {
        for (CertificateReport certificate : report.certificates()) {
            for (Flaw flaw : certificate.flaws()) {
                Instant next = flaw.retryAt();
                out.println(OneLine.of(certificate.name() + ": " + flaw.text())
                        + (next == null ? "" : "; not tried again before " + LocalMinute.notBefore(next)));
            }
        }
    }

    private static List<String> row(CertificateReport certificate, Instant now) {
        String file = OneLine.of(Path.of(certificate.file()).toFile().getName());
        String names = OneLine.of(String.join(" ", certificate.identifiers()));
        IssuedCertificate life = certificate.life();
        if (life == null) {
            return List.of(
                    file, names, "", "", "", "", certificate.problem() == null ? "not issued yet" : "unreadable");
        }
        return List.of(
                file,
                names,
                OneLine.of(life.issuer()),
                LocalMinute.of(life.notBefore()),
                LocalMinute.of(life.notAfter()),
                Span.tenthsOfDays(life.remaining(now)),
                bar(life, now) + (certificate.isManaged() ? "" : " not managed"));
    }

    /** The life of a certificate: what is gone, what is left, and when it is due. */
    static String bar(IssuedCertificate life, Instant now) {
        int gone = position(life.notBefore(), life.notAfter(), now);
        int due = Math.min(
                position(life.notBefore(), life.notAfter(), life.renewal().due()), BAR_LENGTH - 1);
        StringBuilder bar = new StringBuilder("[");
        for (int i = 0; i < BAR_LENGTH; i++) {
            bar.append(i == due ? '|' : i < gone ? '#' : '-');
        }
        return bar.append(']').toString();
    }

    private static int position(Instant start, Instant end, Instant moment) {
        double share = (double) Duration.between(start, moment).toMillis()
                / Math.max(1, Duration.between(start, end).toMillis());
        return (int) Math.round(BAR_LENGTH * Math.min(1, Math.max(0, share)));
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
