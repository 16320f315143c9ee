package org.wucme.acme;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a CA does what (RFC 8555 section 7.1.1), and what it says about itself. Immutable.
 *
 * @param newNonce URL for fresh nonces
 * @param newAccount URL for accounts
 * @param newOrder URL for orders
 * @param revokeCert URL for revocation
 * @param keyChange URL for a change of the account key; not every CA has it
 * @param renewalInfo URL for renewal information (RFC 9773); not every CA has it
 * @param termsOfService URL of the terms that an account agrees to, if there are any
 * @param website URL of a page about the CA
 * @param caaIdentities host names by which CAA records name this CA (RFC 8659)
 * @param externalAccountRequired whether an account must be bound to one that the CA knows already
 * @param profiles certificate profiles by name, with a description or URL each; empty if the CA has none
 * @param issuerDomainNames names under which {@link org.wucme.acme.challenge.PersistentRecord}s can be published before
 *     an order; empty if the CA has none. Based on draft-ietf-acme-dns-persist-02, and so outside semantic versioning.
 * @param accountHashPrefix what the hashed URIs of accounts begin with in such records. Based on
 *     draft-ietf-acme-dns-persist-02, and so outside semantic versioning.
 */
public record Directory(
        String newNonce,
        String newAccount,
        String newOrder,
        String revokeCert,
        @Nullable String keyChange,
        @Nullable String renewalInfo,
        @Nullable String termsOfService,
        @Nullable String website,
        List<String> caaIdentities,
        boolean externalAccountRequired,
        Map<String, String> profiles,
        List<String> issuerDomainNames,
        @Nullable String accountHashPrefix) {

    public Directory {
        caaIdentities = List.copyOf(caaIdentities);
        profiles = Map.copyOf(profiles);
        issuerDomainNames = List.copyOf(issuerDomainNames);
    }

    /**
     * Makes sure that the CA advertises a profile (draft-ietf-acme-profiles): one that it does not must not be asked for.
     *
     * @param name null for the CA's default, which every CA has
     * @throws AcmeException if it does not; the message names those that it has
     */
    public void requireProfile(@Nullable String name) throws AcmeException {
        if (name != null && !profiles.containsKey(name)) {
            throw new AcmeException("the CA has no profile \"" + name + "\"; it has: "
                    + (profiles.isEmpty() ? "none" : String.join(", ", new TreeSet<>(profiles.keySet()))));
        }
    }
}
