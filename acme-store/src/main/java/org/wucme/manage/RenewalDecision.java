package org.wucme.manage;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.wucme.store.StoredCertificate;

/**
 * What is to be done about one certificate at one moment. A pure function of what the store holds, of the time, and of when
 * somebody looks again.
 *
 * <p>A certificate is renewed at the moment that was chosen from the CA's suggestion (RFC 9773 section 4.2), else when a
 * third of its lifetime is left, or half if that is under ten days; and whatever the CA suggests when a twentieth is left,
 * or but a few more looks. After a failure it is held back for a while.
 *
 * <p>What was just obtained is not due, whatever the clock, the CA or the lifetime say: not before a third of the time has
 * passed that was left when it was obtained. A CA that suggests less, as before it revokes, is heeded once: a certificate that
 * was obtained for such a suggestion is not renewed for another one before that third has passed.
 */
public sealed interface RenewalDecision {

    /** To be renewed now. */
    record Renew() implements RenewalDecision {}

    /** The CA is to be asked now when it would like the certificate to be renewed (RFC 9773); then decide again. */
    record AskRenewalInfo() implements RenewalDecision {}

    /** Nothing to do before this moment, unless the CA changes its mind. */
    record Wait(Instant until) implements RenewalDecision {}

    /** A human must look first. */
    record NeedsHelp(String problem) implements RenewalDecision {}

    /** The moment from which a certificate is due if its CA suggests none. */
    static Instant dueAt(X509Certificate certificate) {
        return Validity.of(certificate).dueAt();
    }

    /**
     * The moment from which a stored certificate is due, whatever failed meanwhile: the one chosen from the CA's suggestion,
     * else the usual one, and its beginning if its key is compromised. Empty if there is no certificate yet.
     */
    static Optional<Instant> dueAt(StoredCertificate certificate) {
        return RenewalRule.dueAt(CertificateState.of(certificate, PlanSettings.DEFAULT));
    }

    /**
     * Until when a certificate is held back because one of its names could not be proven as often as Let's Encrypt allows
     * within an hour: by the records of all certificates that share the name. Empty if nothing is held against it.
     *
     * @param all the certificates of the store
     */
    static Optional<Instant> heldBackUntil(
            StoredCertificate certificate, Collection<StoredCertificate> all, Instant now) {
        List<CertificateState> states = all.stream()
                .map(each -> CertificateState.of(each, PlanSettings.DEFAULT))
                .toList();
        return new AuthorizationBudget(states, Set.of(), now)
                .exhaustedUntil(CertificateState.of(certificate, PlanSettings.DEFAULT));
    }
}
