package org.wucme.acme.challenge;

import java.time.Instant;
import java.util.Objects;
import org.wucme.acme.Identifier;

/**
 * One challenge that a solver is given. Immutable.
 *
 * @param challenge what the CA asks for
 * @param identifier whose control is proven; a wildcard comes with its {@code *.}
 * @param account whose answer is presented
 * @param expires until when the answer may be kept, should it not be removed: some time after the attempt has ended
 */
public record ChallengeTask(Challenge challenge, Identifier identifier, AccountIdentity account, Instant expires) {

    public ChallengeTask {
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(expires, "expires");
    }
}
