package org.wucme.cli.report;

import java.time.Instant;
import java.util.List;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.ManagerStatus;

/**
 * What there is to say of a store and its manager at one moment. Immutable, and without any secret.
 *
 * @param at the moment
 * @param manager who takes care of the store
 * @param certificates all certificates, in the store's order
 */
public record Report(Instant at, ManagerState manager, List<CertificateReport> certificates) {

    public Report {
        certificates = List.copyOf(certificates);
    }

    /**
     * By the status of a manager. A pure function.
     *
     * @param history what came of the managers of this process so far
     */
    public static Report of(ManagerStatus status, ManagerState history) {
        return new Report(
                status.at(),
                history.with(status),
                status.certificates().stream()
                        .filter(Report::isToBeShown)
                        .map(certificate -> CertificateReport.of(certificate, status.at()))
                        .toList());
    }

    // Of one that is not managed, and whose files were removed since, only the record is left.
    private static boolean isToBeShown(CertificateStatus certificate) {
        return certificate.isManaged() || certificate.state() != CertificateStatus.State.NOT_ISSUED;
    }

    /** How all certificates stand: as badly as the worst of them. */
    public Health health() {
        return certificates.stream()
                .map(CertificateReport::health)
                .max(Health::compareTo)
                .orElse(Health.OK);
    }
}
