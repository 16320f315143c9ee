package org.wucme.acme.challenge;

import java.io.IOException;
import org.wucme.acme.Identifier;

/**
 * Makes the answer to a challenge visible to the CA. Implementations are thread-safe: many names, and many orders, are
 * presented at once.
 */
public interface ChallengeSolver {

    /**
     * Whether this solver can present this challenge. Of several that it can, it is given the one that the CA names first.
     *
     * @param identifier what is to be proven; a wildcard comes with its {@code *.}
     */
    boolean canSolve(Challenge challenge, Identifier identifier);

    /**
     * Publishes the answer, quickly. Whatever takes time afterwards belongs into {@link Presented#awaitVisible}.
     *
     * @param account who answers; {@link TokenChallenge#keyAuthorization} and {@link DnsChallenge#txtRecord} make of it
     *     what is to be published
     * @return what takes the answer away again; always closed, whatever happens in between
     * @throws IOException if it cannot be published, with what the administrator can do
     */
    Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException;
}
