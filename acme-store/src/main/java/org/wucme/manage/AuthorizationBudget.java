package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.wucme.acme.Identifier;
import org.wucme.store.RenewalRecord;

/**
 * How often a name may still fail to be proven: Let's Encrypt allows five failures an hour for each name and account, and
 * refuses the name altogether after that. Several certificates may share a name; hence the count goes over all of them, from
 * the times in their records. An attempt in progress counts as one that fails. All names of a certificate count as failed if
 * one did, whatever the CA: that errs on the safe side. Not thread-safe.
 */
final class AuthorizationBudget {

    static final int FAILURES_PER_HOUR = 5;
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<String, List<Instant>> failures = new HashMap<>();
    private final Instant now;

    /**
     * What is left at a moment.
     *
     * @param inProgress the names of certificates that are being worked on
     */
    AuthorizationBudget(Collection<CertificateState> certificates, Set<String> inProgress, Instant now) {
        this.now = now;
        for (CertificateState certificate : certificates) {
            RenewalRecord renewal = certificate.renewal();
            for (Instant at :
                    renewal == null ? List.<Instant>of() : renewal.attempts().failedAuthorizations()) {
                if (counts(at, now)) {
                    add(certificate, at);
                }
            }
            if (inProgress.contains(certificate.name())) {
                spend(certificate);
            }
        }
    }

    /** Whether a failure still counts; one in the future was noted by a clock that was wrong, and counts no more. */
    static boolean counts(Instant failure, Instant now) {
        return failure.isAfter(now.minus(HOUR)) && !failure.isAfter(now);
    }

    /** Counts an attempt as if it failed. */
    void spend(CertificateState certificate) {
        add(certificate, now);
    }

    /** When the names of a certificate may be tried again; empty if they may now. */
    Optional<Instant> exhaustedUntil(CertificateState certificate) {
        return certificate.identifiers().stream()
                .map(identifier -> failures.getOrDefault(nameOf(identifier), List.of()))
                .filter(times -> times.size() >= FAILURES_PER_HOUR)
                .map(AuthorizationBudget::freeAgainAt)
                .max(Instant::compareTo);
    }

    private static Instant freeAgainAt(List<Instant> times) {
        List<Instant> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(sorted.size() - FAILURES_PER_HOUR).plus(HOUR);
    }

    private void add(CertificateState certificate, Instant at) {
        for (Identifier identifier : certificate.identifiers()) {
            failures.computeIfAbsent(nameOf(identifier), unused -> new ArrayList<>())
                    .add(at);
        }
    }

    // A wildcard is proven at the name below it (RFC 8555 section 7.1.3), so the two share a count.
    private static String nameOf(Identifier identifier) {
        return identifier.withoutWildcard().value();
    }
}
