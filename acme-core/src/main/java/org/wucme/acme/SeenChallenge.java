package org.wucme.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;

/**
 * A challenge as the CA showed it. Immutable.
 *
 * @param challenge the snapshot
 * @param retryAt when the CA wants to be asked again at the earliest, since nothing changes before (RFC 8555 section 8.2);
 *     null if it did not say so
 */
public record SeenChallenge(Challenge challenge, @Nullable Instant retryAt) {

    /** Whether the CA may still validate it. */
    public boolean isUndecided() {
        return challenge.status() == ChallengeStatus.PENDING || challenge.status() == ChallengeStatus.PROCESSING;
    }

    /** Why the last attempt failed, if it did and the CA may still make another; null otherwise. */
    @Nullable
    public Problem refusal() {
        return isUndecided() ? challenge.error() : null;
    }
}
