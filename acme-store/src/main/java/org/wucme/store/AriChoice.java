package org.wucme.store;

import java.time.Instant;
import java.util.Objects;

/**
 * When to renew, as the CA suggested and this client chose (RFC 9773 section 4.2). Kept, so that a restart does not choose
 * anew.
 *
 * @param windowStart where the suggested window begins
 * @param windowEnd where it ends
 * @param chosen the moment in it that was chosen
 * @param askAgainAt when to ask the CA again, from its Retry-After
 */
public record AriChoice(Instant windowStart, Instant windowEnd, Instant chosen, Instant askAgainAt) {

    public AriChoice {
        Objects.requireNonNull(windowStart, "windowStart");
        Objects.requireNonNull(windowEnd, "windowEnd");
        Objects.requireNonNull(chosen, "chosen");
        Objects.requireNonNull(askAgainAt, "askAgainAt");
    }
}
