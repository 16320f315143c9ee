package org.wucme.acme;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.text.OneLine;

/**
 * A human must act first: agree to changed terms of service (RFC 8555 section 7.3.3), or get the key of an external account
 * from the CA ({@link ExternalAccount}). The message says where to look, if the CA did. The advice is {@link
 * Advice#OPERATOR}.
 */
public final class AcmeUserActionException extends AcmeProblemException {

    private final @Nullable String termsOfService;

    /** With the CA's problem document and the URL of its present terms, if the CA gave one. */
    public AcmeUserActionException(String doing, Problem problem, @Nullable String termsOfService) {
        super(
                problem,
                null,
                Advice.OPERATOR,
                said(doing, problem) + whatToDo(problem) + whereToLook(problem, termsOfService));
        this.termsOfService = termsOfService;
    }

    private static String whereToLook(Problem problem, @Nullable String termsOfService) {
        String page = problem.instance();
        return (page == null ? "" : "; see " + OneLine.of(page))
                + (termsOfService == null ? "" : "; the terms are at " + OneLine.of(termsOfService));
    }

    private static String whatToDo(Problem problem) {
        return problem.is(ProblemType.EXTERNAL_ACCOUNT_REQUIRED)
                ? "; get a key identifier and a MAC key from the CA, and give them by Registration.externalAccount"
                : "";
    }

    /** URL that tells a human what to do; not to be opened by a program. */
    public Optional<String> actionUrl() {
        return Optional.ofNullable(problem().instance());
    }

    /** URL of the CA's present terms of service. */
    public Optional<String> termsOfService() {
        return Optional.ofNullable(termsOfService);
    }
}
