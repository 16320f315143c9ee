package org.wucme.acme.challenge;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.octets.Sha256;

/**
 * The TXT record that answers {@link DnsPersist01}, made to stay: it says that one account may have certificates of one
 * CA for a name. It depends on no challenge, so that it can be published before the first order. Based on
 * draft-ietf-acme-dns-persist-02, and so outside semantic versioning.
 *
 * @param issuerDomainName one of the names by which the CA is known, of {@link DnsPersist01#issuerDomainNames} or of the
 *     directory
 * @param accountUri who may have certificates: a {@link #hashedAccountUri}, or for CAs that follow draft -01, the
 *     account's URL
 * @param wildcard whether the record is for the wildcard and every name below it too ({@code policy=wildcard})
 * @param persistUntil when the CA shall no longer accept the record; null for never. Seconds count, fractions do not
 */
public record PersistentRecord(
        String issuerDomainName,
        String accountUri,
        boolean wildcard,
        @Nullable Instant persistUntil) {

    /** The domain in a {@link #hashedAccountUri} that holds for all domains. */
    public static final String ANY_DOMAIN = "*";

    private static final String LABEL = "_validation-persist";
    private static final String ALGORITHM = "sha-256/";
    private static final int LONGEST_DOMAIN = 255;
    private static final Pattern DOMAIN_NAME = Pattern.compile("(?=.{1,253}$)[a-z0-9-]+(\\.[a-z0-9-]+)*");
    // What a parameter of an issue-value may hold (RFC 8659 section 4.2): a semicolon would begin another one.
    private static final Pattern PARAMETER_VALUE = Pattern.compile("[!-:<-~]+");

    /**
     * Checks that both parts keep their meaning in the record.
     *
     * @throws IllegalArgumentException if the issuer is not a domain name of A-labels in lower case without a trailing
     *     dot, or if the account's URI has characters that the record cannot hold
     */
    public PersistentRecord {
        if (!DOMAIN_NAME.matcher(issuerDomainName).matches()) {
            throw new IllegalArgumentException("the issuer domain name \"" + issuerDomainName
                    + "\" is not a domain name of A-labels in lower case without a trailing dot");
        }
        if (!PARAMETER_VALUE.matcher(accountUri).matches()) {
            throw new IllegalArgumentException(
                    "the account URI \"" + accountUri + "\" cannot be written into a TXT record");
        }
    }

    /**
     * Names an account without telling its URL to everybody (draft -02 section 4.1). It changes with the account's key,
     * but CAs accept those of earlier keys.
     *
     * @param accountHashPrefix of the CA's directory
     * @param domain the name at which the record is published, or {@link #ANY_DOMAIN} for a URI that serves all domains
     *     and shows that they belong together
     */
    public static String hashedAccountUri(String accountHashPrefix, String domain, AccountIdentity account) {
        byte[] name = domain.getBytes(StandardCharsets.US_ASCII);
        if (name.length > LONGEST_DOMAIN) {
            throw new IllegalArgumentException("\"" + domain + "\" is longer than a domain name can be");
        }
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        hashed.write(name.length);
        hashed.writeBytes(name);
        hashed.writeBytes(account.thumbprint().getBytes(StandardCharsets.US_ASCII));
        hashed.writeBytes(account.url().getBytes(StandardCharsets.US_ASCII));
        return accountHashPrefix + ALGORITHM + Sha256.of(hashed.toByteArray()).base64url();
    }

    /** This record, for the wildcard and every name below it too. */
    public PersistentRecord withWildcard() {
        return new PersistentRecord(issuerDomainName, accountUri, true, persistUntil);
    }

    /** This record, not accepted after a moment; null for always. */
    public PersistentRecord until(@Nullable Instant moment) {
        return new PersistentRecord(issuerDomainName, accountUri, wildcard, moment);
    }

    /** The record's text (RFC 8659 section 4.2, {@code issue-value}). */
    public String value() {
        return issuerDomainName + "; accounturi=" + accountUri + (wildcard ? "; policy=wildcard" : "")
                + (persistUntil == null ? "" : "; persistUntil=" + persistUntil.getEpochSecond());
    }

    /** The record for a name; for a wildcard, at the name without its {@code *.}. */
    public TxtRecord at(Identifier identifier) {
        return new TxtRecord(LABEL + "." + identifier.withoutWildcard().value(), value());
    }
}
