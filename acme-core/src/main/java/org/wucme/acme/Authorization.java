package org.wucme.acme;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Challenge;

/**
 * What a CA knows about the right of an account to get certificates for one identifier (RFC 8555 section 7.1.4): a snapshot,
 * immutable.
 *
 * @param url the authorization's identity, exactly as the CA gave it
 * @param status where it stood
 * @param identifier what is to be proven, with its {@code *.} if this is for a wildcard
 * @param challenges the ways to prove it, any one of which is enough
 * @param subdomainAuthAllowed whether it holds for the names below the identifier too (RFC 9444)
 * @param expires when it ends, if the CA said so
 * @param retryAt when the CA wants to be asked again at the earliest, if it said so ({@code Retry-After}), on this
 *     machine's clock
 */
public record Authorization(
        String url,
        AuthorizationStatus status,
        Identifier identifier,
        List<Challenge> challenges,
        boolean subdomainAuthAllowed,
        @Nullable Instant expires,
        @Nullable Instant retryAt) {

    public Authorization {
        challenges = List.copyOf(challenges);
    }

    /** The challenge of a kind, such as {@code Http01.class}, if the CA offers it. */
    public <C extends Challenge> Optional<C> challenge(Class<C> kind) {
        return challenges.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** Why it is invalid, in the CA's words, if it is and the CA said so. */
    public Optional<Problem> error() {
        return challenges.stream()
                .flatMap(challenge -> Optional.ofNullable(challenge.error()).stream())
                .findFirst();
    }
}
