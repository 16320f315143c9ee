package org.wucme.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalAnswer;
import org.wucme.acme.RenewalInfo;
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

    private static final Duration SHORTEST_WAIT = Duration.ofMinutes(1);

    public AriChoice {
        Objects.requireNonNull(askAgainAt, "askAgainAt");
    }

    /**
     * After the CA was asked. What it suggested before stands while it gives no answer.
     *
     * @param before null if it was not asked before
     * @param now by the clock of planning: the CA is not asked again at once, whatever clock the answer came by
     */
    public static AriChoice of(RenewalAnswer answer, @Nullable AriChoice before, Instant now, RandomGenerator random) {
        Instant soonest = now.plus(SHORTEST_WAIT);
        Instant again = answer.askAgainAt().isBefore(soonest) ? soonest : answer.askAgainAt();
        RenewalTime earlier = before == null ? null : before.time();
        if (answer instanceof RenewalAnswer.Suggested suggested) {
            RenewalInfo info = suggested.info();
            return new AriChoice(info.choose(earlier, random), info.explanationUrl(), again);
        }
        return new AriChoice(earlier, before == null ? null : before.explanationUrl(), again);
    }
}
