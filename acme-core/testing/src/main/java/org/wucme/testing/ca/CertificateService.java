package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Download and revocation of certificates (RFC 8555 sections 7.4.2 and 7.6). */
final class CertificateService {
    private static final String PEM_CHAIN = "application/pem-certificate-chain";
    private static final Set<Integer> REASONS = Set.of(0, 1, 3, 4, 5);

    private final Registry registry;
    private final Urls urls;

    CertificateService(Registry registry, Urls urls) {
        this.registry = registry;
        this.urls = urls;
    }

    Reply download(SignedRequest request, String id, int chain) {
        request.requirePostAsGet();
        CertificateState certificate = registry.certificate(id);
        if (certificate.account != request.account()) {
            throw Problem.unauthorized("This certificate belongs to another account");
        }
        return chain(request.incoming(), certificate, chain);
    }

    /** A certificate with one of its chains, the others linked. */
    Reply chain(Incoming incoming, CertificateState certificate, int chain) {
        if (!incoming.header("Accept").contains(PEM_CHAIN)) {
            throw new Problem(406, "malformed", "The Accept header must ask for " + PEM_CHAIN);
        }
        if (chain >= certificate.chains.size()) {
            throw Problem.notFound("There are " + certificate.chains.size() + " chains");
        }
        Reply reply = Reply.of(200, PEM_CHAIN, certificate.chains.get(chain));
        for (int other = 0; other < certificate.chains.size(); other++) {
            if (other != chain) {
                reply = reply.with("Link", "<" + urls.certificate(certificate.id, other) + ">;rel=\"alternate\"");
            }
        }
        return reply;
    }

    Reply revoke(SignedRequest request) {
        ObjectNode payload = request.payload();
        byte[] der = Base64Url.decode(Json.text(payload, "certificate", "The payload"), "The certificate");
        JsonNode reason = payload.path("reason");
        if (!reason.isMissingNode() && !(reason.isInt() && REASONS.contains(reason.intValue()))) {
            throw new Problem(400, "badRevocationReason", "The reasons accepted are " + REASONS);
        }
        CertificateState certificate = registry.certificates().stream()
                .filter(issued -> Arrays.equals(encoded(issued.leaf), der))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("This CA did not issue that certificate"));
        if (registry.orders().stream()
                .anyMatch(order -> order.certificate == certificate && order.renewalBegun != null)) {
            throw new Problem(403, "autoRenewalRevocationNotSupported", "Cancel the renewal instead");
        }
        boolean byItsKey = Csr.isSameKey(certificate.leaf.getPublicKey(), request.key());
        synchronized (registry) {
            if (!byItsKey && !mayRevoke(request, certificate)) {
                throw Problem.unauthorized("Neither its account, nor its key, nor one authorized for all its names");
            }
            if (certificate.revoked) {
                throw new Problem(400, "alreadyRevoked", "The certificate was revoked before");
            }
            certificate.revoked = true;
        }
        return Reply.empty(200);
    }

    private boolean mayRevoke(SignedRequest request, CertificateState certificate) {
        AccountState signer = request.signer();
        if (signer == null || signer == certificate.account) {
            return signer != null;
        }
        Set<Identifier> missing = new HashSet<>();
        registry.orders().stream()
                .filter(order -> order.certificate == certificate)
                .forEach(order -> missing.addAll(order.terms.identifiers()));
        missing.removeIf(identifier -> registry.authorizations().stream()
                .anyMatch(held -> held.isFor(signer, identifier) && held.status.equals("valid")));
        return missing.isEmpty();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
