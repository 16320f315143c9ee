package org.wucme.manage;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** What is to be done about one certificate at one moment. A pure function of what the store holds and of the time. */
public sealed interface RenewalDecision {

    /** To be renewed now. */
    record Renew() implements RenewalDecision {}

    /** Nothing to do before this moment. */
    record Wait(Instant until) implements RenewalDecision {}

    /** A human must look first. */
    record NeedsHelp(String problem) implements RenewalDecision {}

    /** Lifetimes below this are renewed at half, all others when a third is left: what Let's Encrypt recommends. */
    Duration SHORT_LIFETIME = Duration.ofDays(10);

    /** Decides about one certificate. */
    static RenewalDecision of(StoredCertificate stored, Instant now) {
        String problem = stored.problem();
        if (problem != null) {
            return new NeedsHelp(problem);
        }
        CertificateChain chain = stored.chain();
        if (chain == null) {
            return new NeedsHelp("it was never issued: issue it, or remove its renewal record");
        }
        if (stored.identifiers().isEmpty()) {
            return new NeedsHelp("it has no names to renew it for");
        }
        Instant due = latest(dueAt(chain.leaf()), stored.renewal());
        return now.isBefore(due) ? new Wait(due) : new Renew();
    }

    /** The moment from which a certificate is due: a third of its lifetime left, or half if that is under ten days. */
    static Instant dueAt(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration lifetime = Duration.between(certificate.getNotBefore().toInstant(), end);
        return end.minus(lifetime.dividedBy(lifetime.compareTo(SHORT_LIFETIME) < 0 ? 2 : 3));
    }

    private static Instant latest(Instant due, @Nullable RenewalRecord renewal) {
        Instant heldBack = renewal == null ? null : renewal.nextAttempt();
        return heldBack != null && heldBack.isAfter(due) ? heldBack : due;
    }
}
