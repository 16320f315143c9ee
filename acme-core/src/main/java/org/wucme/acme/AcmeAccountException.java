package org.wucme.acme;

import org.wucme.acme.internal.text.OneLine;

/**
 * The account that this client uses is of no use at its CA any longer: the CA does not know it, or it was deactivated or revoked.
 * Register a new one. The advice is {@link Advice#OPERATOR}; the cause is the CA's refusal.
 */
public final class AcmeAccountException extends AcmeException {

    private final String directoryUrl;
    private final String accountUrl;

    /**
     * After a refusal.
     *
     * @param directoryUrl of the CA
     * @param accountUrl of the account
     */
    public AcmeAccountException(String directoryUrl, String accountUrl, AcmeProblemException refusal) {
        super(
                refusal.getMessage() + ". The account " + OneLine.of(accountUrl) + " can no longer be used at "
                        + OneLine.of(directoryUrl) + ": register a new one there",
                refusal,
                Advice.OPERATOR);
        this.directoryUrl = directoryUrl;
        this.accountUrl = accountUrl;
    }

    /** The directory of the CA. */
    public String directoryUrl() {
        return directoryUrl;
    }

    /** The account, as it was known. */
    public String accountUrl() {
        return accountUrl;
    }
}
