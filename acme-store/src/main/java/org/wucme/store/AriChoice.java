package org.wucme.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalTime;

/**
 * When to renew, as the CA suggested and this client chose (RFC 9773 section 4.2). Kept, so that a restart does not choose
 * anew, nor asks before it is time.
 *
 * @param time the suggested window, and the moment in it that was chosen; null if the CA has suggested none
 * @param explanationUrl page that tells a human why the window is as it is; null if the CA gave none
 * @param askAgainAt when to ask the CA again, from its Retry-After
 */
public record AriChoice(
        @Nullable RenewalTime time, @Nullable String explanationUrl, Instant askAgainAt) {

    public AriChoice {
        Objects.requireNonNull(askAgainAt, "askAgainAt");
    }
}
