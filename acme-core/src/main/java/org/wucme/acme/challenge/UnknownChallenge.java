package org.wucme.acme.challenge;

import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;

/**
 * A challenge of a type that this library does not know, or that lacks what its type needs; kept, so that a caller who
 * knows it can answer.
 *
 * @param type the type's name
 * @param url where the client says that it is ready
 * @param status where the challenge stood
 * @param error why it failed, if it did
 * @param json the challenge object as the CA sent it, unchecked
 */
public record UnknownChallenge(
        String type,
        String url,
        ChallengeStatus status,
        @Nullable Problem error,
        String json) implements Challenge {}
