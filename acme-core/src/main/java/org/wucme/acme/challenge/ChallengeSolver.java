package org.wucme.acme.challenge;

import java.io.IOException;
import java.util.List;
import org.wucme.acme.Identifier;

/**
 * Makes the answers to challenges visible to the CA. Implementations are thread-safe: many names, and many orders, are
 * presented at once.
 *
 * <p>The simplest solver presents {@linkplain #present(Challenge, Identifier, AccountIdentity) one challenge}, and by default
 * is given each of an order by itself, all at the same time. One that needs what an attempt hands in presents {@linkplain
 * #present(ChallengeTask, ChallengeContext) with a context}. One that publishes many answers by one change, or that cannot
 * publish all at the same time, says so by {@link #groups} and presents {@linkplain #presentTogether each group by one call}.
 * A solver that wraps another must pass on all of these methods.
 *
 * <p>While an answer to a tls-alpn-01 challenge is presented, the attempt holds the lease {@code identifier/NAME} on the
 * {@linkplain TlsAlpn01#serverName server name}: a handshake does not tell for which order it is.
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
     * Divides the challenges that this solver is given of one order into groups. Called once for an order, before any of them
     * is presented; those that the CA wants no answer to, since they are valid already, are not among them. By default,
     * {@linkplain ChallengeGroups#each each by itself}.
     *
     * @param tasks at least one, in no particular order
     * @throws IOException if they cannot be presented, with what the administrator can do
     */
    default ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) throws IOException {
        return ChallengeGroups.each(tasks);
    }

    /**
     * Publishes the answers to a group of challenges, quickly. By default, {@linkplain #present(ChallengeTask,
     * ChallengeContext) one after the other}.
     *
     * @param group as {@link #groups} has made it; by default, always one challenge
     * @return what takes all these answers away again, as {@link #present(Challenge, Identifier, AccountIdentity)}
     * @throws IOException if one cannot be published; then none is
     */
    default Presented presentTogether(List<ChallengeTask> group, ChallengeContext context) throws IOException {
        return group.size() == 1 ? present(group.get(0), context) : PresentedTogether.of(group, this, context);
    }

    /**
     * Publishes the answer, quickly, with what the attempt hands in. By default, that is not used: {@link
     * #present(Challenge, Identifier, AccountIdentity)}.
     *
     * @return what takes the answer away again; always closed, whatever happens in between
     * @throws IOException if it cannot be published, with what the administrator can do
     */
    default Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return present(task.challenge(), task.identifier(), task.account());
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
