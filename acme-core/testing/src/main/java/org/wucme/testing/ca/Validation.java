package org.wucme.testing.ca;

import java.util.Optional;

/** Decides about challenges in the place of the network ({@link TestCa#validateBy}). Called by several threads at a time. */
@FunctionalInterface
public interface Validation {

    /**
     * Looks at a challenge that the client has answered.
     *
     * @return empty if it is met; otherwise the type of the problem without {@code urn:ietf:params:acme:error:}, for
     *     instance {@code connection} or {@code unauthorized}
     */
    Optional<String> problemWith(AnsweredChallenge challenge);
}
