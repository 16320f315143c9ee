package org.wucme.acme.challenge;

import java.io.IOException;
import java.util.List;
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
     * Checks, before an order is made, all that can be checked on this side: that a port can be had, that a folder can be
     * written. Leaves nothing behind. What it finds in order may have changed when {@link #present} is called. By default,
     * nothing is checked.
     *
     * @param identifiers what this solver may be given to present; at least one
     * @throws IOException if it could not be presented now, with what the administrator can do
     */
    default void check(List<Identifier> identifiers) throws IOException {}

    /**
     * What this solver is configured with, such as its port or folder, in one line and without secrets; always the same for
     * the same configuration. After a failed validation, a manager tries again at once when this has changed. Empty by
     * default.
     */
    default String settings() {
        return "";
    }

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
