package org.wucme.acme;

import java.time.Instant;

/**
 * What came of {@link AcmeClient#askRenewalInfo}: a suggestion, or none, and when to ask again. Whoever gets none renews by
 * the certificate's lifetime, as for a CA that knows nothing of renewal information.
 */
public sealed interface RenewalAnswer {

    /** When to ask again at the earliest; keep it over restarts. */
    Instant askAgainAt();

    /** The CA suggests a window. */
    record Suggested(RenewalInfo info) implements RenewalAnswer {
        @Override
        public Instant askAgainAt() {
            return info.askAgainAt();
        }
    }

    /**
     * There is no suggestion.
     *
     * @param reason why, for an administrator
     */
    record Unavailable(String reason, Instant askAgainAt) implements RenewalAnswer {}
}
