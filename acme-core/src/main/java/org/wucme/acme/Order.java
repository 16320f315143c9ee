package org.wucme.acme;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a CA knows about an order (RFC 8555 section 7.1.3): a snapshot, immutable. To see what became of it, fetch it again
 * by its URL.
 *
 * @param url the order's identity, exactly as the CA gave it; keep it to resume after a crash
 * @param status where the order stood
 * @param identifiers what the certificate is to be for
 * @param authorizations URLs of what must be proven; in no particular order
 * @param finalizeUrl where the certificate request goes once the order is ready
 * @param certificateUrl where the certificate is, once the order is valid
 * @param notBefore when the certificate is to begin to be valid, if that was asked for
 * @param notAfter when the certificate is to end to be valid, if that was asked for
 * @param replaces the certificate that this one replaces (RFC 9773 section 5), if the CA took it so
 * @param autoRenewal how the CA renews the certificate by itself (RFC 8739), if it does
 * @param starCertificateUrl where the current one of the certificates that the CA renews is, once the order is valid
 * @param delegation URL of the delegation under which the order was made (RFC 9115), if it was
 * @param expires when a pending order is dropped, if the CA said so
 * @param profile the certificate profile, if the CA has profiles. Based on draft-ietf-acme-profiles, and so outside
 *     semantic versioning.
 * @param error why the order is invalid, if it is and the CA said so
 * @param retryAt when the CA wants to be asked again at the earliest, if it said so ({@code Retry-After}), on this
 *     machine's clock
 */
public record Order(
        String url,
        OrderStatus status,
        List<Identifier> identifiers,
        List<String> authorizations,
        String finalizeUrl,
        @Nullable String certificateUrl,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String replaces,
        @Nullable AutoRenewal autoRenewal,
        @Nullable String starCertificateUrl,
        @Nullable String delegation,
        @Nullable Instant expires,
        @Nullable String profile,
        @Nullable Problem error,
        @Nullable Instant retryAt) {

    public Order {
        identifiers = List.copyOf(identifiers);
        authorizations = List.copyOf(authorizations);
    }

    /** Where the certificate is, be it renewed automatically or not. */
    String requiredCertificateUrl() throws AcmeProtocolException {
        return required(certificateUrl == null ? starCertificateUrl : certificateUrl, "no certificate");
    }

    /** Where the current one of the certificates that the CA renews is. */
    String requiredStarCertificateUrl() throws AcmeProtocolException {
        return required(starCertificateUrl, "no certificate that is renewed automatically");
    }

    private String required(@Nullable String where, String lack) throws AcmeProtocolException {
        if (where == null) {
            throw new AcmeProtocolException("the order at " + url + " has " + lack + ": it is " + status);
        }
        return where;
    }
}
