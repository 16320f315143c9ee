package org.wucme.acme.challenge;

/** A challenge that is answered with a {@link KeyAuthorization} made of its token. */
public interface TokenChallenge extends Challenge {

    /** Random text by the CA, checked to have base64url characters only, so that it is safe in a path. */
    String token();

    /** The answer of an account to this challenge (RFC 8555 section 8.1). */
    default KeyAuthorization keyAuthorization(AccountIdentity account) {
        return KeyAuthorization.of(token(), account.thumbprint());
    }
}
