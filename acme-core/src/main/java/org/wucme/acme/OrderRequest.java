package org.wucme.acme;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateId;

/**
 * What a new order asks for (RFC 8555 section 7.4). Immutable: the methods with an argument give a new value.
 *
 * @param identifiers names and addresses, each once
 * @param ancestorDomains the ancestor domain, for each name whose control is to be proven there (RFC 9444)
 * @param notBefore when the certificate is to begin to be valid; null for the CA's choice
 * @param notAfter when the certificate is to end to be valid; null for the CA's choice
 * @param profile a profile that the CA must advertise, or null. Based on draft-ietf-acme-profiles, and so outside
 *     semantic versioning.
 * @param preferredProfile a profile to ask for if the CA advertises it, or null. Based on draft-ietf-acme-profiles, and so
 *     outside semantic versioning.
 * @param replaces the certificate that the new one replaces (RFC 9773 section 5), or null
 * @param autoRenewal how the CA is to renew the certificate by itself (RFC 8739); null for one certificate
 * @param delegation URL of the delegation under which the order is made (RFC 9115 section 2.3.2), or null
 */
public record OrderRequest(
        List<Identifier> identifiers,
        Map<Identifier, Identifier> ancestorDomains,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String profile,
        @Nullable String preferredProfile,
        @Nullable CertificateId replaces,
        @Nullable AutoRenewal autoRenewal,
        @Nullable String delegation) {

    public OrderRequest {
        identifiers = List.copyOf(new LinkedHashSet<>(identifiers));
        ancestorDomains = Map.copyOf(ancestorDomains);
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("an order needs at least one name");
        }
        if (notBefore != null && notAfter != null && !notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException(
                    "a certificate cannot be valid from " + notBefore + " until " + notAfter);
        }
        if (autoRenewal != null && (notBefore != null || notAfter != null)) {
            throw new IllegalArgumentException(
                    "an order that is renewed automatically says when in its renewal, not as notBefore or notAfter");
        }
        if (profile != null && preferredProfile != null) {
            throw new IllegalArgumentException("a profile is either required or preferred");
        }
    }

    /**
     * An order for names and addresses; duplicates count once.
     *
     * @throws IllegalArgumentException if one is neither a name nor an address
     */
    public static OrderRequest of(String... names) {
        return of(Arrays.stream(names).map(Identifier::of).toList());
    }

    /** An order for identifiers; duplicates count once. */
    public static OrderRequest of(Collection<Identifier> identifiers) {
        return new OrderRequest(List.copyOf(identifiers), Map.of(), null, null, null, null, null, null, null);
    }

    /**
     * This order with control of all names below a domain proven at that domain, instead of each for itself (RFC 9444). A CA
     * that does not offer this is not told, and wants each name proven.
     *
     * @throws IllegalArgumentException if no name of this order is below the domain
     */
    public OrderRequest ancestorDomain(String domain) {
        Identifier ancestor = Identifier.dns(domain);
        Map<Identifier, Identifier> ancestors = new HashMap<>(ancestorDomains);
        for (Identifier identifier : identifiers) {
            if (identifier.isBelow(ancestor)) {
                ancestors.put(identifier, ancestor);
            }
        }
        if (!ancestors.containsValue(ancestor)) {
            throw new IllegalArgumentException("no name of the order is below " + ancestor);
        }
        return with(parts -> parts.ancestorDomains = ancestors);
    }

    /** This order for a certificate that begins to be valid at a moment; many CAs, Let's Encrypt for one, refuse that. */
    public OrderRequest notBefore(@Nullable Instant when) {
        return with(parts -> parts.notBefore = when);
    }

    /** This order for a certificate that ends to be valid at a moment; many CAs, Let's Encrypt for one, refuse that. */
    public OrderRequest notAfter(@Nullable Instant when) {
        return with(parts -> parts.notAfter = when);
    }

    /**
     * This order under a profile, which must be among {@link Directory#profiles()}; a preferred one is forgotten. Based on
     * draft-ietf-acme-profiles, and so outside semantic versioning.
     */
    public OrderRequest profile(@Nullable String name) {
        return with(parts -> {
            parts.profile = name;
            parts.preferredProfile = null;
        });
    }

    /**
     * This order under a profile if it is among {@link Directory#profiles()} and the CA takes the order so, else under the CA's
     * default; a required one is forgotten. A CA that refuses the profile only when the order is finalized, with {@link
     * ProblemType#INVALID_PROFILE}, ends the order: the next one is better made without it. Based on draft-ietf-acme-profiles, and so outside semantic versioning.
     */
    public OrderRequest preferredProfile(@Nullable String name) {
        return with(parts -> {
            parts.profile = null;
            parts.preferredProfile = name;
        });
    }

    /**
     * This order as a replacement of a certificate (RFC 9773 section 5), which CAs exempt from rate limits. Only told to a CA
     * that has renewal information; and dropped when it refuses, since a certificate matters more than its history.
     *
     * @param predecessor the replaced certificate, {@link CertificateId#of}; null for none
     */
    public OrderRequest replaces(@Nullable CertificateId predecessor) {
        return with(parts -> parts.replaces = predecessor);
    }

    /**
     * This order for a short-term certificate that the CA renews by itself (STAR, RFC 8739), within {@link
     * Directory#autoRenewal()}.
     */
    public OrderRequest autoRenewal(@Nullable AutoRenewal renewal) {
        return with(parts -> parts.autoRenewal = renewal);
    }

    /** This order under a delegation (RFC 9115 section 2.3.2), by its URL, for which nothing is to be proven. */
    public OrderRequest delegation(@Nullable String url) {
        return with(parts -> parts.delegation = url);
    }

    OrderRequest withoutAncestorDomains() {
        return with(parts -> parts.ancestorDomains = Map.of());
    }

    private OrderRequest with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return new OrderRequest(
                identifiers,
                parts.ancestorDomains,
                parts.notBefore,
                parts.notAfter,
                parts.profile,
                parts.preferredProfile,
                parts.replaces,
                parts.autoRenewal,
                parts.delegation);
    }

    private static final class Parts {
        private Map<Identifier, Identifier> ancestorDomains;
        private @Nullable Instant notBefore;
        private @Nullable Instant notAfter;
        private @Nullable String profile;
        private @Nullable String preferredProfile;
        private @Nullable CertificateId replaces;
        private @Nullable AutoRenewal autoRenewal;
        private @Nullable String delegation;

        private Parts(OrderRequest request) {
            ancestorDomains = request.ancestorDomains;
            notBefore = request.notBefore;
            notAfter = request.notAfter;
            profile = request.profile;
            preferredProfile = request.preferredProfile;
            replaces = request.replaces;
            autoRenewal = request.autoRenewal;
            delegation = request.delegation;
        }
    }
}
