package org.wucme.acme.challenge;

import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;

/**
 * Proof by a file on port 80 (RFC 8555 section 8.3).
 *
 * @param url where the client says that it is ready
 * @param token random text by the CA, base64url
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record Http01(
        String url,
        String token,
        ChallengeStatus status,
        @Nullable Problem error) implements TokenChallenge {

    /** The registered name of this type. */
    public static final String TYPE = "http-01";

    /** What the path of every answer begins with. */
    public static final String PATH_PREFIX = "/.well-known/acme-challenge/";

    /** Where the CA looks, below {@code http://NAME}, port 80. */
    public String path() {
        return PATH_PREFIX + token;
    }

    @Override
    public String type() {
        return TYPE;
    }
}
