package org.wucme.acme;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A human must act first, such as agree to changed terms of service (RFC 8555 section 7.3.3). The
 * advice is {@link Advice#OPERATOR}.
 */
public final class AcmeUserActionException extends AcmeProblemException {

    private final @Nullable String termsOfService;

    /** With the CA's problem document and the URL of its present terms, if the CA gave one. */
    public AcmeUserActionException(String doing, Problem problem, @Nullable String termsOfService) {
        super(doing, problem, null, Advice.OPERATOR);
        this.termsOfService = termsOfService;
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
