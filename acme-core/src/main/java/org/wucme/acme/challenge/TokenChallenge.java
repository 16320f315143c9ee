package org.wucme.acme.challenge;

/** A challenge that is answered with a {@link KeyAuthorization} made of its token. */
public interface TokenChallenge extends Challenge {

    /** Random text by the CA, checked to have base64url characters only, so that it is safe in a path. */
    String token();
}
