package org.wucme.store;

import java.util.Objects;
import org.wucme.acme.challenge.Lease;

/**
 * A due certificate, which is the claimant's alone as long as the lease is held.
 *
 * @param certificate as it is stored since the lease is held
 * @param lease of the certificate, which the claimant closes
 */
public record ClaimedCertificate(StoredCertificate certificate, Lease lease) {

    public ClaimedCertificate {
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(lease, "lease");
    }
}
