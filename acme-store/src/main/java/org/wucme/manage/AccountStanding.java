package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AccountStatus;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.ProblemType;

/**
 * What a CA says of the account of a key. Immutable.
 *
 * @param account the account; null if the CA knows none for this key, or does not say
 * @param problem why it cannot be used; null if it can
 */
public record AccountStanding(
        @Nullable Account account, @Nullable String problem) {

    private static final Set<ProblemType> OF_ACCOUNT =
            EnumSet.of(ProblemType.ACCOUNT_DOES_NOT_EXIST, ProblemType.UNAUTHORIZED);

    // Some CAs call a request malformed whose account is of another CA, or gone.
    private static final Set<ProblemType> PERHAPS_OF_ACCOUNT =
            EnumSet.of(ProblemType.ACCOUNT_DOES_NOT_EXIST, ProblemType.UNAUTHORIZED, ProblemType.MALFORMED);

    private static final String NO_ACCOUNT = "the CA has no account with this key";

    /**
     * Asks the CA: two requests.
     *
     * @throws IOException if the CA does not answer, or refuses for a reason that is not the account's
     */
    public static AccountStanding ask(AcmeClient client, KeyPair key) throws IOException {
        Account found = null;
        try {
            found = client.findAccount(key).orElse(null);
            return found == null
                    ? new AccountStanding(null, NO_ACCOUNT)
                    : of(found, found.fetch().status());
        } catch (AcmeProblemException e) {
            if (!OF_ACCOUNT.contains(e.problem().kind())) {
                throw e;
            }
            return new AccountStanding(found, e.getMessage());
        }
    }

    private static AccountStanding of(Account account, AccountStatus status) {
        return new AccountStanding(account, status == AccountStatus.VALID ? null : "its status is " + status);
    }

    /** Whether the CA does not know the key, so that an account can be registered with it. */
    public boolean isUnknown() {
        return NO_ACCOUNT.equals(problem);
    }

    /** Whether a refusal may be about the account, so that the CA is to be asked. */
    static boolean mayExplain(AcmeProblemException refusal) {
        return PERHAPS_OF_ACCOUNT.contains(refusal.problem().kind());
    }

    /** The account, if it can be used. */
    public Optional<Account> usable() {
        return problem == null ? Optional.ofNullable(account) : Optional.empty();
    }
}
