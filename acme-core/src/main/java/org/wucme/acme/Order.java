package org.wucme.acme;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a CA knows about an order (RFC 8555 section 7.1.3): a snapshot, immutable. To see what became of it, fetch it again
 * by its URL.
 *
 * @param url the order's identity, exactly as the CA gave it; keep it to resume after a crash
 * @param status where the order stood; {@link OrderStatus#UNKNOWN} if the CA did not say in a word that is known
 * @param identifiers what the certificate is to be for; empty if the CA did not say
 * @param authorizations URLs of what must be proven, in no particular order; empty if the CA did not say, as some do of an
 *     order that is ready
 * @param finalizeUrl where the certificate request goes once the order is ready, if the CA said so
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
        @Nullable String finalizeUrl,
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

    /** This snapshot, with what the CA did not say again as it was in an earlier one: that is fixed once an order stands. */
    Order withMissingFrom(Order earlier) {
        return new Order(
                url,
                status,
                identifiers.isEmpty() ? earlier.identifiers : identifiers,
                authorizations.isEmpty() ? earlier.authorizations : authorizations,
                finalizeUrl == null ? earlier.finalizeUrl : finalizeUrl,
                certificateUrl,
                notBefore,
                notAfter,
                replaces,
                autoRenewal,
                starCertificateUrl,
                delegation,
                expires,
                profile,
                error,
                retryAt);
    }

    /** Whether this is for these identifiers, or does not say what it is for. */
    boolean mayBeFor(Collection<Identifier> wanted) {
        return identifiers.isEmpty() || Set.copyOf(identifiers).equals(Set.copyOf(wanted));
    }

    /** Where the certificate request goes. */
    String requiredFinalizeUrl() throws AcmeProtocolException {
        return required(finalizeUrl, "no URL where it is finalized");
    }

    /** Whether the certificate request was sent, as far as the status tells. */
    boolean isFinalized() {
        return status != OrderStatus.PENDING && status != OrderStatus.READY;
    }

    /** Whether the CA says where the certificate is. */
    boolean hasCertificate() {
        return certificateUrl != null || starCertificateUrl != null;
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
