package org.wucme.cli.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.wucme.manage.RenewalDecision;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** What the records of certificates tell of limits that a CA may hold against the next attempt. */
public final class Limits {

    private static final String LIMITS = "limits";

    private Limits() {}

    /**
     * What is found in the record of a certificate, and, of the limit that names share, in those of the others.
     *
     * @param all the certificates of the store
     */
    public static List<Finding> examine(StoredCertificate certificate, Collection<StoredCertificate> all, Instant now) {
        RenewalRecord record = certificate.renewal();
        if (record == null) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        String name = String.valueOf(record.spec().identifiers().get(0));
        if (record.attempts().failures() > 0) {
            findings.add(Finding.warning(
                    LIMITS,
                    name + ": the last "
                            + (record.attempts().failures() == 1
                                    ? "attempt"
                                    : record.attempts().failures() + " attempts")
                            + " failed: " + record.attempts().lastProblem()));
        }
        Instant next = record.attempts().nextAttempt();
        if (next != null && next.isAfter(now)) {
            findings.add(Finding.warning(LIMITS, name + ": not to be tried again before " + next));
        }
        RenewalDecision.heldBackUntil(certificate, all, now)
                .ifPresent(until -> findings.add(Finding.problem(
                        LIMITS,
                        name
                                + ": a name of this certificate could not be proven too often within the last hour, so that"
                                + " Let's Encrypt would refuse it: not to be tried again before " + until)));
        return findings.isEmpty() ? List.of(Finding.ok(LIMITS, name + ": nothing is held against it")) : findings;
    }
}
