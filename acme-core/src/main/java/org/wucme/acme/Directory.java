package org.wucme.acme;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a CA does what (RFC 8555 section 7.1.1), and what it says about itself. Immutable. What a CA does not have is missed
 * only by a request for it.
 *
 * @param newNonce URL for fresh nonces
 * @param newAccount URL for accounts, if the CA gives one
 * @param newOrder URL for orders, if the CA gives one
 * @param newAuthz URL for authorizations ahead of an order; not every CA has it
 * @param revokeCert URL for revocation, if the CA gives one
 * @param keyChange URL for a change of the account key; not every CA has it
 * @param renewalInfo URL for renewal information (RFC 9773); not every CA has it
 * @param termsOfService URL of the terms that an account agrees to, if there are any
 * @param website URL of a page about the CA
 * @param caaIdentities host names by which CAA records name this CA (RFC 8659)
 * @param autoRenewal what it allows of automatic renewal (STAR, RFC 8739 section 3.2); null if it does not renew by itself
 * @param delegationEnabled whether it takes orders under a delegation (RFC 9115 section 2.3.3)
 * @param allowCertificateGet whether it lets anybody read a certificate that is not renewed by itself, where the order
 *     allows that (RFC 9115 section 2.3.5)
 * @param subdomainAuthAllowed whether control of a name may be proven at a domain above it (RFC 9444)
 * @param inBandOnionCaaRequired whether it wants the CAA records of onion names in the finalize request (RFC 9799)
 * @param externalAccountRequired whether an account must be bound to one that the CA knows already
 * @param profiles certificate profiles by name, with a description or URL each; empty if the CA has none. Based on
 *     draft-ietf-acme-profiles, and so outside semantic versioning.
 * @param issuerDomainNames names under which {@link org.wucme.acme.challenge.PersistentRecord}s can be published before
 *     an order; empty if the CA has none. Based on draft-ietf-acme-dns-persist-02, and so outside semantic versioning.
 * @param accountHashPrefix what the hashed URIs of accounts begin with in such records. Based on
 *     draft-ietf-acme-dns-persist-02, and so outside semantic versioning.
 */
public record Directory(
        String newNonce,
        @Nullable String newAccount,
        @Nullable String newOrder,
        @Nullable String newAuthz,
        @Nullable String revokeCert,
        @Nullable String keyChange,
        @Nullable String renewalInfo,
        @Nullable String termsOfService,
        @Nullable String website,
        List<String> caaIdentities,
        @Nullable AutoRenewalLimits autoRenewal,
        boolean delegationEnabled,
        boolean allowCertificateGet,
        boolean subdomainAuthAllowed,
        boolean inBandOnionCaaRequired,
        boolean externalAccountRequired,
        Map<String, String> profiles,
        List<String> issuerDomainNames,
        @Nullable String accountHashPrefix) {

    public Directory {
        caaIdentities = List.copyOf(caaIdentities);
        profiles = Map.copyOf(profiles);
        issuerDomainNames = List.copyOf(issuerDomainNames);
    }

    /** The URL for accounts. */
    String requiredNewAccount() throws AcmeProtocolException {
        return required(newAccount, "newAccount");
    }

    /** The URL for orders. */
    String requiredNewOrder() throws AcmeProtocolException {
        return required(newOrder, "newOrder");
    }

    /** The URL for revocation. */
    String requiredRevokeCert() throws AcmeProtocolException {
        return required(revokeCert, "revokeCert");
    }

    private static String required(@Nullable String url, String member) throws AcmeProtocolException {
        if (url == null) {
            throw new AcmeProtocolException("the CA's directory lacks \"" + member + "\"");
        }
        return url;
    }

    /** This directory, put right where a CA is known to say something that does not hold. */
    Directory correctedFor(Ca ca) {
        return new Directory(
                newNonce,
                newAccount,
                newOrder,
                newAuthz,
                revokeCert,
                ca.has(CaQuirk.NO_KEY_CHANGE) ? null : keyChange,
                ca.has(CaQuirk.NO_RENEWAL_INFO) ? null : renewalInfo,
                termsOfService,
                website,
                caaIdentities,
                autoRenewal,
                delegationEnabled,
                allowCertificateGet,
                subdomainAuthAllowed,
                inBandOnionCaaRequired,
                externalAccountRequired || ca.externalAccountRequired(),
                profiles,
                issuerDomainNames,
                accountHashPrefix);
    }

    /**
     * Makes sure that the CA advertises a profile: one that it does not must not be asked for. Based on
     * draft-ietf-acme-profiles, and so outside semantic versioning.
     *
     * @param name null for the CA's default, which every CA has
     * @throws AcmeException if it does not; the message names those that it has
     */
    public void requireProfile(@Nullable String name) throws AcmeException {
        if (name != null && !profiles.containsKey(name)) {
            throw new NotOfferedException("the CA has no profile \"" + name + "\"; it has: "
                    + (profiles.isEmpty() ? "none" : String.join(", ", new TreeSet<>(profiles.keySet()))));
        }
    }
}
