package org.wucme.acme.challenge;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;

/**
 * Proof by a TXT record that stays and has no token. Based on draft-ietf-acme-dns-persist-02, and on -01, which names the
 * account by its URL, and so outside semantic versioning.
 *
 * <p>A malformed challenge of this type is kept and refused only when it shall be answered, so that it is in nobody's way
 * who proves a name otherwise.
 *
 * @param url where the client says that it is ready
 * @param issuerDomainNames the names by which the CA is known; the record has one of them
 * @param hashed whether the account is named by a hash (draft -02), not by its URL (draft -01)
 * @param accountUri how the CA wants the account to be named; null if it did not say (draft -01 only)
 * @param accountHashPrefix what a hashed account URI begins with, from the CA's directory (draft -02)
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record DnsPersist01(
        String url,
        List<String> issuerDomainNames,
        boolean hashed,
        @Nullable String accountUri,
        @Nullable String accountHashPrefix,
        ChallengeStatus status,
        @Nullable Problem error)
        implements DnsChallenge {

    /** The name of this type. */
    public static final String TYPE = "dns-persist-01";

    private static final int MOST_NAMES = 10;

    public DnsPersist01 {
        issuerDomainNames = List.copyOf(issuerDomainNames);
    }

    /** The record of {@link #persistentRecord}: with the policy for wildcards only if the identifier is one. */
    @Override
    public TxtRecord txtRecord(Identifier identifier, AccountIdentity account) throws AcmeProtocolException {
        return persistentRecord(identifier, account).at(identifier);
    }

    /**
     * What to publish, under the first of the CA's names and without an end; to be changed before it is published, if
     * wanted. It has the policy for wildcards if the identifier is one.
     *
     * @throws AcmeProtocolException if the CA gave no name, more than 10 or none that is well-formed, no
     *     {@code accountHashPrefix} where one is needed, or the URI of another account
     */
    public PersistentRecord persistentRecord(Identifier identifier, AccountIdentity account)
            throws AcmeProtocolException {
        if (issuerDomainNames.isEmpty() || issuerDomainNames.size() > MOST_NAMES) {
            throw malformed(
                    "it has " + issuerDomainNames.size() + " issuer domain names, not 1 to " + MOST_NAMES, null);
        }
        try {
            return new PersistentRecord(
                    issuerDomainNames.get(0), named(account, identifier), identifier.isWildcard(), null);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage(), e);
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    private String named(AccountIdentity account, Identifier identifier) throws AcmeProtocolException {
        if (!hashed) {
            requireOurs(account);
            return account.url();
        }
        if (accountHashPrefix == null) {
            throw malformed("the CA's directory lacks \"accountHashPrefix\"", null);
        }
        return PersistentRecord.hashedAccountUri(
                accountHashPrefix, identifier.withoutWildcard().value(), account);
    }

    // The record would let whoever has that other account get certificates for the name.
    private void requireOurs(AccountIdentity account) throws AcmeProtocolException {
        if (accountUri != null && !accountUri.equals(account.url())) {
            throw malformed("it is for the account " + accountUri + ", not for " + account.url(), null);
        }
    }

    private AcmeProtocolException malformed(@Nullable String why, @Nullable Throwable cause) {
        return new AcmeProtocolException("the " + TYPE + " challenge at " + url + " cannot be answered: " + why, cause);
    }
}
