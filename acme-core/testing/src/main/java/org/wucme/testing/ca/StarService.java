package org.wucme.testing.ca;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Certificates that are renewed automatically (STAR, RFC 8739 section 3.3). */
final class StarService {
    private final Registry registry;
    private final Settings settings;
    private final Issuer issuer;
    private final CertificateService certificates;

    StarService(Registry registry, Settings settings, Issuer issuer, CertificateService certificates) {
        this.registry = registry;
        this.settings = settings;
        this.issuer = issuer;
        this.certificates = certificates;
    }

    /** @param signed null for a plain GET */
    Reply download(Incoming incoming, @Nullable SignedRequest signed, String orderId) {
        OrderState order = registry.order(orderId);
        StarTerms terms = order.terms.autoRenewal();
        Instant begun = order.renewalBegun;
        Csr csr = order.csr;
        if (terms == null || begun == null || csr == null) {
            throw Problem.notFound("There is no such certificate");
        }
        if (signed == null) {
            requirePublic(terms);
        } else {
            signed.requirePostAsGet();
            requireOwner(order, signed);
        }
        requireRenewed(order, terms);
        Instant from = terms.period(begun, settings.now()).from().truncatedTo(ChronoUnit.SECONDS);
        CertificateState current = current(order);
        if (!current.leaf.getNotBefore().toInstant().equals(from)) {
            current = issuer.issue(csr, order);
            registry.add(current);
            synchronized (registry) {
                order.certificate = current;
            }
        }
        return certificates
                .chain(incoming, current, 0)
                .with(
                        "Cert-Not-Before",
                        Times.httpDate(current.leaf.getNotBefore().toInstant()))
                .with(
                        "Cert-Not-After",
                        Times.httpDate(current.leaf.getNotAfter().toInstant()));
    }

    private void requirePublic(StarTerms terms) {
        TestCa.AutoRenewal limits = settings.autoRenewal;
        if (limits == null || !limits.allowCertificateGet() || !terms.certificateGet()) {
            throw new Problem(405, "malformed", "This certificate is read with POST-as-GET").header("Allow", "POST");
        }
    }

    private static void requireOwner(OrderState order, SignedRequest signed) {
        if (order.account != signed.account()) {
            throw Problem.unauthorized("This certificate belongs to another account");
        }
    }

    private void requireRenewed(OrderState order, StarTerms terms) {
        synchronized (registry) {
            if (order.status.equals("canceled")) {
                throw new Problem(403, "autoRenewalCanceled", "The renewal was canceled");
            }
        }
        if (!settings.now().isBefore(terms.end())) {
            throw new Problem(403, "autoRenewalExpired", "The renewal ended at " + terms.end());
        }
    }

    private CertificateState current(OrderState order) {
        synchronized (registry) {
            CertificateState current = order.certificate;
            if (current == null) {
                throw Problem.notFound("There is no certificate yet");
            }
            return current;
        }
    }
}
