package org.wucme.cli.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.manage.RenewalDecision;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/**
 * What there is to say of one certificate at one moment. Without its key. Immutable.
 *
 * @param name what the store calls it
 * @param file where it is
 * @param identifiers what it is for, in the order it was asked for
 * @param life its life; null if none was issued yet, or it cannot be read
 * @param renewal how it is renewed; null for a certificate that came from elsewhere, or if it cannot be read
 * @param problem what cannot be read or does not fit; null if all is well
 * @param flaws what is not as it should be, if anything; the first one explains the others
 */
public record CertificateReport(
        String name,
        String file,
        List<String> identifiers,
        @Nullable Life life,
        @Nullable RenewalRecord renewal,
        @Nullable String problem,
        List<Flaw> flaws) {

    public CertificateReport {
        identifiers = List.copyOf(identifiers);
        flaws = List.copyOf(flaws);
    }

    /** Of what a store holds. */
    public static CertificateReport of(StoredCertificate stored, Instant now) {
        CertificateChain chain = stored.chain();
        RenewalRecord renewal = stored.renewal();
        Life life = chain == null
                ? null
                : Life.of(
                        chain.leaf(),
                        RenewalDecision.dueAt(stored).orElseThrow(),
                        renewal == null ? null : renewal.renewalInfo());
        return new CertificateReport(
                stored.name(),
                stored.location(),
                stored.identifiers().stream().map(Identifier::value).toList(),
                life,
                renewal,
                stored.problem(),
                Flaws.of(stored, life, now));
    }

    /** Whether it is renewed, and what there is to say of it matters. */
    public boolean isManaged() {
        return renewal == null || !renewal.unmanaged();
    }

    /** How it stands: as badly as the worst of its flaws. */
    public Health health() {
        return Health.worst(flaws);
    }

    /** Why the last attempt failed, in the CA's words if it was the CA; null if it did not. */
    public @Nullable String lastProblem() {
        return renewal == null ? null : renewal.attempts().lastProblem();
    }

    /** When it is tried again after a failure; null if nothing holds it back. */
    public @Nullable Instant nextAttempt() {
        return renewal == null ? null : renewal.attempts().nextAttempt();
    }
}
