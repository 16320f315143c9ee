package org.wucme.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.manage.RenewalDecision;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Certificates as a table for people, with each life as a bar. */
final class CertificateTable {

    private static final Pattern COMMON_NAME = Pattern.compile("CN=((?:\\\\.|[^,\\\\])+)");
    private static final int BAR_LENGTH = 20;

    private CertificateTable() {}

    static void print(List<StoredCertificate> certificates, Instant now, PrintWriter out) {
        if (certificates.isEmpty()) {
            out.println("There is no certificate here.");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FILE", "NAMES", "ISSUER", "NOT BEFORE", "NOT AFTER", "DAYS LEFT", "LIFE"));
        certificates.forEach(certificate -> rows.add(row(certificate, now)));
        int[] widths = widths(rows);
        rows.forEach(row -> out.println(line(row, widths)));
        out.println("LIFE: # gone, - left, | due for renewal");
        certificates.forEach(certificate -> printTrouble(certificate, out));
    }

    private static List<String> row(StoredCertificate certificate, Instant now) {
        String file = Path.of(certificate.location()).toFile().getName();
        String names = certificate.identifiers().stream().map(Identifier::value).collect(Collectors.joining(" "));
        CertificateChain chain = certificate.chain();
        if (chain == null) {
            return List.of(
                    file, names, "", "", "", "", certificate.problem() == null ? "not issued yet" : "unreadable");
        }
        X509Certificate leaf = chain.leaf();
        Instant notAfter = leaf.getNotAfter().toInstant();
        return List.of(
                file,
                names,
                issuerOf(chain),
                LocalMinute.of(leaf.getNotBefore().toInstant()),
                LocalMinute.of(notAfter),
                String.format(
                        Locale.ROOT, "%.1f", Duration.between(now, notAfter).toMinutes() / (24 * 60.0)),
                bar(leaf, now));
    }

    static String issuerOf(CertificateChain chain) {
        String name = chain.leaf().getIssuerX500Principal().getName();
        Matcher commonName = COMMON_NAME.matcher(name);
        return commonName.find() ? commonName.group(1) : name;
    }

    /** The life of a certificate: what is gone, what is left, and when it is due. */
    static String bar(X509Certificate leaf, Instant now) {
        Instant start = leaf.getNotBefore().toInstant();
        Instant end = leaf.getNotAfter().toInstant();
        int gone = position(start, end, now);
        int due = Math.min(position(start, end, RenewalDecision.dueAt(leaf)), BAR_LENGTH - 1);
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

    private static void printTrouble(StoredCertificate certificate, PrintWriter out) {
        RenewalRecord renewal = certificate.renewal();
        String problem = certificate.problem();
        if (problem != null) {
            out.println(certificate.name() + ": " + problem);
        } else if (renewal != null && renewal.lastProblem() != null) {
            Instant next = renewal.nextAttempt();
            out.println(certificate.name() + ": the last "
                    + (renewal.failures() == 1 ? "attempt" : renewal.failures() + " attempts") + " failed: "
                    + renewal.lastProblem()
                    + (next == null ? "" : "; not tried again before " + LocalMinute.notBefore(next)));
        }
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
