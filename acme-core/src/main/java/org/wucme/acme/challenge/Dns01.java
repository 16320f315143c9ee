package org.wucme.acme.challenge;

import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;

/**
 * Proof by a TXT record (RFC 8555 section 8.4). The only type here that serves wildcards.
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
        @Nullable Problem error) implements TokenChallenge {

    /** The registered name of this type. */
    public static final String TYPE = "dns-01";

    /** Name of the TXT record, without a trailing dot; its value is {@link KeyAuthorization#dnsValue()}. */
    public String recordName(Identifier identifier) {
        String name = identifier.isWildcard() ? identifier.value().substring(2) : identifier.value();
        return "_acme-challenge." + name;
    }

    @Override
    public String type() {
        return TYPE;
    }
}
