package org.wucme.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables, in Markdown. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void beginTimes() {
        out.println("| | RTT ms | bound s | wucme s | acme4j s | acme4j / wucme | requests | connections |");
        out.println("|---|---|---|---|---|---|---|---|");
    }

    /** One row: seconds with their ratio to the lower bound, and requests and connections of both. */
    void row(Scenario scenario, Duration roundTrip, Map<String, Measurement> found) {
        double bound = roundTrip.toMillis() / 1e3 * scenario.bound();
        Measurement ours = found.get(Scenario.OURS);
        Measurement acme4j = found.get(Scenario.ACME4J);
        print(
                "| %s | %d | %s | %s | %s | %s | %s / %s | %s / %s |",
                scenario.title(),
                roundTrip.toMillis(),
                bound == 0 ? "" : format("%.1f", bound),
                seconds(ours, bound),
                seconds(acme4j, bound),
                ours == null || acme4j == null
                        ? ""
                        : format("%.1fx", acme4j.used().seconds() / ours.used().seconds()),
                ours == null ? "-" : ours.requests(),
                acme4j == null ? "-" : acme4j.requests(),
                ours == null ? "-" : ours.connections(),
                acme4j == null ? "-" : acme4j.connections());
    }

    void beginResources() {
        out.println();
        out.println("| | wucme | acme4j | acme4j / wucme |");
        out.println("|---|---|---|---|");
    }

    /** One row of what both used, each in the unit that the title names. */
    void row(String title, String format, double ours, double acme4j) {
        print("| %s | %s | %s | %.1fx |", title, format(format, ours), format(format, acme4j), acme4j / ours);
    }

    void beginSteps(String title, String unit) {
        out.println();
        print("| %s | %s | error | KB allocated |", title, unit);
        out.println("|---|---|---|---|");
    }

    /** One row of what a step needs, with the error of the time at 99.9 % confidence. */
    void row(String step, double time, double error, double allocatedBytes) {
        print("| %s | %.1f | %.1f | %.1f |", step, time, error, allocatedBytes / 1024);
    }

    void beginMemory() {
        out.println();
        out.println("| memory of a server of ten thousand certificates | KB |");
        out.println("|---|---|");
    }

    /** One row of what is kept in memory. */
    void row(String moment, long kilobytes) {
        print("| %s | %d |", moment, kilobytes);
    }

    private static String seconds(@Nullable Measurement measured, double bound) {
        if (measured == null) {
            return "-";
        }
        double seconds = measured.used().seconds();
        return format("%.2f", seconds) + (bound == 0 ? "" : format(" (%.2fx)", seconds / bound));
    }

    private void print(String format, Object... values) {
        out.println(format(format, values));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
