package org.wucme.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs everything and prints the tables. Needs Pebble, as the tests do, and less than fifteen minutes; or runs only those of
 * the benchmarks by JMH whose class names match the argument, and needs no Pebble.
 */
public final class Benchmark {

    private static final String ALL = "all";
    private static final List<Duration> ROUND_TRIPS =
            List.of(Duration.ofMillis(200), Duration.ofMillis(50), Duration.ZERO);
    /** What is quicker than this is measured three times, and the median counts. */
    private static final double QUICK_SECONDS = 6;
    /** No cell begins later: what is left is shown as missing. */
    private static final Duration LATEST = Duration.ofSeconds(570);

    private final Laboratory laboratory;
    private final Report report;
    private final long start = System.nanoTime();

    private Benchmark(Laboratory laboratory, Report report) {
        this.laboratory = laboratory;
        this.report = report;
    }

    public static void main(String[] args) throws IOException, RunnerException {
        Report report = new Report(System.out);
        boolean isAll = args.length == 0 || args[0].equals(ALL);
        if (isAll) {
            try (Laboratory laboratory = new Laboratory()) {
                new Benchmark(laboratory, report).run();
            }
        }
        new Jmh(report, Pattern.compile(isAll ? ".*" : args[0])).measure();
    }

    private void run() throws IOException {
        report.beginTimes();
        for (Duration roundTrip : ROUND_TRIPS) {
            for (Scenario scenario : Scenario.ALL) {
                report.row(scenario, roundTrip, measure(scenario, roundTrip));
            }
        }
        report.beginResources();
        reportFreshJvm(laboratory.freshJvm(Scenario.OURS), laboratory.freshJvm(Scenario.ACME4J));
        reportFurther(furtherCertificates(Scenario.OURS), furtherCertificates(Scenario.ACME4J));
    }

    private void reportFreshJvm(Reading ours, Reading acme4j) {
        report.row("a fresh JVM until its first certificate, s", "%.2f", ours.seconds(), acme4j.seconds());
        report.row("the same, CPU s", "%.2f", ours.cpuNanos() / 1e9, acme4j.cpuNanos() / 1e9);
    }

    private void reportFurther(Reading ours, Reading acme4j) {
        int count = Scenario.MANY;
        report.row(
                "a further certificate, CPU ms",
                "%.1f",
                ours.cpuNanos() / 1e6 / count,
                acme4j.cpuNanos() / 1e6 / count);
        report.row(
                "a further certificate, KB allocated",
                "%.0f",
                ours.allocatedBytes() / 1024.0 / count,
                acme4j.allocatedBytes() / 1024.0 / count);
    }

    private Reading furtherCertificates(String contender) throws IOException {
        return laboratory
                .measure(Scenario.MANY_ONE_BY_ONE, contender, Duration.ZERO)
                .used();
    }

    private Map<String, Measurement> measure(Scenario scenario, Duration roundTrip) {
        Map<String, Measurement> found = new HashMap<>();
        for (String contender : scenario.contenders()) {
            try {
                if (System.nanoTime() - start < LATEST.toNanos()) {
                    found.put(contender, median(scenario, contender, roundTrip));
                }
            } catch (IOException e) {
                System.err.println(scenario.title() + ", " + contender + ": " + e.getMessage());
            }
        }
        return found;
    }

    private Measurement median(Scenario scenario, String contender, Duration roundTrip) throws IOException {
        List<Measurement> all = new ArrayList<>();
        all.add(laboratory.measure(scenario, contender, roundTrip));
        while (all.size() < 3 && all.get(0).used().seconds() < QUICK_SECONDS) {
            all.add(laboratory.measure(scenario, contender, roundTrip));
        }
        all.sort(Comparator.comparing(measured -> measured.used().wallNanos()));
        return all.get(all.size() / 2);
    }
}
