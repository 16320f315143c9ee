package org.wucme.cli.report;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

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

    /** Of what a store holds. A pure function. */
    public static Report of(Collection<StoredCertificate> stored, ManagerState manager, Instant at) {
        return new Report(
                at,
                manager,
                stored.stream()
                        .filter(Report::isToBeShown)
                        .map(certificate -> CertificateReport.of(certificate, at))
                        .toList());
    }

    // Of one that is not managed, and whose files were removed since, only the record is left.
    private static boolean isToBeShown(StoredCertificate stored) {
        RenewalRecord renewal = stored.renewal();
        boolean isLeftOver = renewal != null && renewal.unmanaged() && stored.chain() == null;
        return !isLeftOver || stored.problem() != null;
    }

    /** How all certificates stand: as badly as the worst of them. */
    public Health health() {
        return certificates.stream()
                .map(CertificateReport::health)
                .max(Health::compareTo)
                .orElse(Health.OK);
    }
}
