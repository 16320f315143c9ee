package org.wucme.acme.challenge;

import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;

/**
 * Proof by a TXT record at {@code _acme-challenge} below the name (RFC 8555 section 8.4). A CA follows a CNAME there, so
 * that the record may be kept in another zone.
 *
 * @param url where the client says that it is ready
 * @param token random text by the CA, base64url
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record Dns01(
        String url,
        String token,
        ChallengeStatus status,
        @Nullable Problem error) implements TokenChallenge, DnsChallenge {

    /** The registered name of this type. */
    public static final String TYPE = "dns-01";

    /** The label that is put before the name. */
    static final String LABEL = "_acme-challenge";

    /** Name of the TXT record, without a trailing dot, the same for a name and its wildcard. */
    public String recordName(Identifier identifier) {
        return LABEL + "." + identifier.withoutWildcard().value();
    }

    /** The record: at {@link #recordName}, with {@link KeyAuthorization#dnsValue()}. */
    @Override
    public TxtRecord txtRecord(Identifier identifier, AccountIdentity account) {
        return new TxtRecord(recordName(identifier), keyAuthorization(account).dnsValue());
    }

    @Override
    public String type() {
        return TYPE;
    }
}
