package org.wucme.cli.report;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.IssuedCertificate;

/**
 * What there is to say of one certificate at one moment. Without its key. Immutable.
 *
 * @param status its status
 * @param flaws what is not as it should be, if anything; the first one explains the others
 */
public record CertificateReport(CertificateStatus status, List<Flaw> flaws) {

    public CertificateReport {
        Objects.requireNonNull(status, "status");
        flaws = List.copyOf(flaws);
    }

    /** By the status of a certificate. */
    public static CertificateReport of(CertificateStatus status, Instant now) {
        return new CertificateReport(status, Flaws.of(status, now));
    }

    /** What the store calls it. */
    public String name() {
        return status.name();
    }

    /** Where it is. */
    public String file() {
        return status.location();
    }

    /** What it is for, in the order it was asked for. */
    public List<String> identifiers() {
        return status.identifiers().stream().map(Identifier::value).toList();
    }

    /** What was issued; null if nothing was yet, or it cannot be read. */
    public @Nullable IssuedCertificate life() {
        return status.issued();
    }

    /** What cannot be read or does not fit; null if all is well. */
    public @Nullable String problem() {
        return status.problem();
    }

    /** Whether it is renewed, and what there is to say of it matters. */
    public boolean isManaged() {
        return status.isManaged();
    }

    /** How it stands: as badly as the worst of its flaws. */
    public Health health() {
        return Health.worst(flaws);
    }

    /** Why the last attempt failed, in the CA's words if it was the CA; null if it did not. */
    public @Nullable String lastProblem() {
        return status.attempts().lastProblem();
    }

    /** When it is tried again after a failure; null if nothing holds it back. */
    public @Nullable Instant nextAttempt() {
        return status.attempts().nextAttempt();
    }
}
