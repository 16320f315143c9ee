package org.wucme.acme.challenge;

import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;

/**
 * One way to prove control of an identifier, as the CA offered it (RFC 8555 section 8): a snapshot, immutable. Types that
 * this library does not know, and malformed ones, are kept as {@link UnknownChallenge}.
 */
public interface Challenge {

    /** The type's registered name, such as {@code http-01}. */
    String type();

    /** URL to which the client says that it is ready. */
    String url();

    /** Where the challenge stood when the CA was asked. */
    ChallengeStatus status();

    /** Why validation failed, or why the last attempt did, if the CA said so. */
    @Nullable
    Problem error();
}
