package org.wucme.manage;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * What planning knows of one certificate. Immutable.
 *
 * @param name what the store calls it
 * @param identifiers what it is for
 * @param validity when it is valid; null if there is none yet, or not the one that is wanted
 * @param renewal how it is renewed; null for a certificate that came from elsewhere
 * @param problem why nothing can be done; null if all is well
 * @param isWanted whether it is to be obtained if there is none
 * @param isAskedFor whether its CA is asked when to renew it
 * @param window when it is renewed; null for any time
 */
record CertificateState(
        String name,
        List<Identifier> identifiers,
        @Nullable Validity validity,
        @Nullable RenewalRecord renewal,
        @Nullable String problem,
        boolean isWanted,
        boolean isAskedFor,
        @Nullable MaintenanceWindow window) {

    /** Of what a store holds. */
    static CertificateState of(StoredCertificate stored, PlanSettings settings) {
        RenewalRecord renewal = stored.renewal();
        MaintenanceWindow own = renewal == null ? null : renewal.spec().maintenanceWindow();
        Instant begin = stored.notBefore();
        Instant end = stored.notAfter();
        return new CertificateState(
                stored.name(),
                List.copyOf(stored.identifiers()),
                begin == null || end == null ? null : new Validity(begin, end),
                renewal,
                stored.problem(),
                false,
                settings.asks(),
                own == null ? settings.window() : own);
    }

    /** This certificate as one that is to be obtained as the record says, whatever is there now. */
    CertificateState toBeObtained(RenewalRecord wanted) {
        return new CertificateState(name, wanted.spec().identifiers(), null, wanted, problem, true, isAskedFor, window);
    }
}
