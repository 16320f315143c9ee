package org.wucme.manage;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AccountStatus;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.ProblemType;
import org.wucme.store.StoredAccount;

/**
 * What a CA says of an account that is stored. Immutable.
 *
 * @param account the account; null if the CA knows none for its key, or does not say
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
    private static final String NOT_FOUND =
            "the URL of the account is not known, and the CA does not reliably find an account by its key";

    /**
     * Asks the CA: one request if the account is what it was; else two or three, since the CA is asked for an account with
     * this key, unless it {@linkplain CaQuirk#NO_ACCOUNT_LOOKUP does not find accounts by their keys}.
     *
     * @throws IOException if the CA does not answer, or refuses for a reason that is not the account's
     */
    public static AccountStanding ask(AcmeClient client, StoredAccount stored) throws IOException {
        String url = stored.accountUrl();
        if (url == null) {
            return lookUp(client, stored);
        }
        Account known = client.account(url, stored.keyPair());
        try {
            return of(known, known.fetch().status());
        } catch (AcmeProblemException e) {
            if (!mayExplain(e)) {
                throw e;
            }
            return client.ca().has(CaQuirk.NO_ACCOUNT_LOOKUP)
                    ? new AccountStanding(known, e.getMessage())
                    : lookUp(client, stored);
        }
    }

    private static AccountStanding lookUp(AcmeClient client, StoredAccount stored) throws IOException {
        Account found = null;
        try {
            found = client.findAccount(stored.keyPair()).orElse(null);
            return found == null
                    ? new AccountStanding(null, client.ca().has(CaQuirk.NO_ACCOUNT_LOOKUP) ? NOT_FOUND : NO_ACCOUNT)
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

    /** Whether no account is known of the key, so that one can be registered with it. */
    public boolean isUnknown() {
        return NO_ACCOUNT.equals(problem) || NOT_FOUND.equals(problem);
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
