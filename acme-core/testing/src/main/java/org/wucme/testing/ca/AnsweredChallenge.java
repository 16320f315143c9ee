package org.wucme.testing.ca;

/**
 * A challenge that a client asked the CA to validate (RFC 8555 section 7.5.1).
 *
 * @param type for instance {@code http-01}
 * @param identifierType {@code dns}, {@code ip}, {@code email}, …
 * @param identifier without the wildcard label
 * @param token empty for types without one
 * @param keyAuthorization the token and the thumbprint of the account's key (RFC 8555 section 8.1)
 */
public record AnsweredChallenge(
        String type,
        String identifierType,
        String identifier,
        String accountUrl,
        String token,
        String keyAuthorization) {

    static AnsweredChallenge of(ChallengeAnswer answer) {
        return new AnsweredChallenge(
                answer.type(),
                answer.identifier().type(),
                answer.identifier().value(),
                answer.accountUrl(),
                answer.token(),
                answer.keyAuthorization());
    }

    /** The token alone would do no harm; the key authorization is what the client must show. */
    @Override
    public String toString() {
        return type + " of " + identifier;
    }
}
