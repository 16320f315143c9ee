package org.wucme.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalTime;

/**
 * When something may have to be done about a stored certificate: never later than it is due, so that a manager that reads
 * due certificates misses none; it decides itself what to do about them. Computed from the instants of the parts, so that none of their
 * writers writes a due date. Pure functions.
 */
public final class DueDate {

    /** Lifetimes below this are renewed at half, all others when a third is left: what Let's Encrypt recommends. */
    public static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private DueDate() {}

    /** Empty if there is nothing to do: it is not managed, or cannot be read. */
    public static Optional<Instant> of(StoredCertificate stored) {
        RenewalRecord record = stored.renewal();
        if (stored.problem() != null || (record != null && record.unmanaged())) {
            return Optional.empty();
        }
        Instant end = stored.notAfter();
        Instant begin = stored.notBefore();
        if (record == null) {
            return begin == null || end == null ? Optional.empty() : Optional.of(byAge(begin, end));
        }
        Instant renewal = later(renewalAt(record, begin, end), record.attempts().nextAttempt());
        return Optional.of(end == null ? renewal : earlier(renewal, deploymentAt(record.deployments())));
    }

    /** The certificates that are due until a moment, the earliest first. */
    public static List<StoredCertificate> earliest(Collection<StoredCertificate> all, Instant until, int limit) {
        record Due(Instant at, StoredCertificate stored) {}
        return all.stream()
                .flatMap(stored -> of(stored).map(at -> new Due(at, stored)).stream())
                .filter(due -> !due.at().isAfter(until))
                .sorted(Comparator.comparing(Due::at)
                        .thenComparing(due -> due.stored().name()))
                .limit(limit)
                .map(Due::stored)
                .toList();
    }

    /** From when on a certificate is due if its CA suggests nothing: a third of the lifetime left, or half if that is short. */
    public static Instant byAge(Instant begin, Instant end) {
        Duration lifetime = Duration.between(begin, end);
        long part = lifetime.compareTo(SHORT_LIFETIME) < 0 ? 2 : 3;
        // Duration.dividedBy calculates with BigDecimal, which is most of what planning ten thousand certificates
        // costs.
        long seconds = lifetime.getSeconds();
        return end.minusSeconds(seconds / part)
                .minusNanos((seconds % part * NANOS_PER_SECOND + lifetime.getNano()) / part);
    }

    private static Instant renewalAt(RenewalRecord record, @Nullable Instant begin, @Nullable Instant end) {
        if (begin == null || end == null || record.origin().keyCompromised()) {
            return Instant.MIN;
        }
        AriChoice choice = record.renewalInfo();
        RenewalTime time = choice == null ? null : choice.time();
        // Not asked yet: to be asked soon after it is valid.
        Instant question = choice == null ? begin : choice.askAgainAt();
        Instant due = byAge(begin, end);
        return earlier(question, time == null ? due : earlier(due, time.chosen()));
    }

    private static @Nullable Instant deploymentAt(Deployments deployments) {
        if (deployments.pending().isEmpty()) {
            return null;
        }
        DeploymentFailure failure = deployments.failure();
        return failure == null ? Instant.MIN : failure.nextAttempt();
    }

    private static Instant earlier(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }
}
