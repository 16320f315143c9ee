package org.wucme.cli.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.wucme.store.RenewalRecord;

/** What the record of a certificate tells of limits that a CA may hold against the next attempt. */
public final class Limits {

    private static final String LIMITS = "limits";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int FAILURES_PER_HOUR = 5;

    private Limits() {}

    /** What is found in a record. */
    public static List<Finding> examine(RenewalRecord record, Instant now) {
        List<Finding> findings = new ArrayList<>();
        String name = String.valueOf(record.identifiers().get(0));
        if (record.failures() > 0) {
            findings.add(Finding.warning(
                    LIMITS,
                    name + ": the last " + (record.failures() == 1 ? "attempt" : record.failures() + " attempts")
                            + " failed: " + record.lastProblem()));
        }
        Instant next = record.nextAttempt();
        if (next != null && next.isAfter(now)) {
            findings.add(Finding.warning(LIMITS, name + ": not to be tried again before " + next));
        }
        long lately = record.failedAuthorizations().stream()
                .filter(time -> time.isAfter(now.minus(HOUR)))
                .count();
        if (lately >= FAILURES_PER_HOUR) {
            findings.add(Finding.problem(
                    LIMITS,
                    name + " could not be proven " + lately + " times within the last hour: Let's Encrypt"
                            + " refuses more than " + FAILURES_PER_HOUR));
        }
        return findings.isEmpty() ? List.of(Finding.ok(LIMITS, name + ": nothing is held against it")) : findings;
    }
}
