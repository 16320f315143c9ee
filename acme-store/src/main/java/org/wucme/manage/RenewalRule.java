package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalInfo;
import org.wucme.acme.RenewalTime;
import org.wucme.store.AriChoice;
import org.wucme.store.RenewalRecord;

/** How {@link RenewalDecision} is made. */
final class RenewalRule {

    /** The longest that a failure holds a certificate back. What says more was written while a clock was wrong. */
    static final Duration LONGEST_HOLD = Duration.ofDays(8);

    private RenewalRule() {}

    /**
     * Decides about one certificate.
     *
     * @param nextWake when this is asked the next time
     */
    static RenewalDecision decide(CertificateState state, Instant now, Instant nextWake) {
        String problem = problemOf(state);
        if (problem != null) {
            return new RenewalDecision.NeedsHelp(problem);
        }
        Instant due = dueAt(state, now, nextWake);
        Instant heldBack = heldBackUntil(state.renewal(), now);
        boolean isHeldBack = heldBack.isAfter(now);
        if (!isHeldBack && isToBeAsked(state, now, nextWake)) {
            return new RenewalDecision.AskRenewalInfo();
        }
        Instant until = due.isAfter(heldBack) ? due : heldBack;
        return until.isAfter(now) ? new RenewalDecision.Wait(until) : new RenewalDecision.Renew();
    }

    /** See {@link RenewalDecision#dueAt(org.wucme.store.StoredCertificate)}. */
    static Optional<Instant> dueAt(CertificateState state) {
        Validity validity = state.validity();
        if (validity == null) {
            return Optional.empty();
        }
        if (state.renewal() != null && state.renewal().keyCompromised()) {
            return Optional.of(validity.begin());
        }
        AriChoice choice = choiceOf(state);
        Instant due = choice == null || choice.time() == null
                ? validity.dueAt()
                : choice.time().chosen();
        Instant lastCall = validity.lastCallAt(due, due);
        return Optional.of(lastCall.isBefore(due) ? lastCall : due);
    }

    private static @Nullable String problemOf(CertificateState state) {
        if (state.problem() != null) {
            return state.problem();
        }
        if (state.validity() == null && !state.isWanted()) {
            return "it was never issued: issue it, or remove its renewal record";
        }
        return state.identifiers().isEmpty() ? "it has no names to renew it for" : null;
    }

    private static Instant dueAt(CertificateState state, Instant now, Instant nextWake) {
        Validity validity = state.validity();
        RenewalRecord renewal = state.renewal();
        if (validity == null || (renewal != null && renewal.keyCompromised())) {
            return now;
        }
        Instant due = suggested(state, validity, now, nextWake);
        Instant lastCall = validity.lastCallAt(now, nextWake);
        return lastCall.isBefore(due) ? lastCall : due;
    }

    // What was chosen beyond the end is no suggestion. Pebble's windows are two days long, whatever the lifetime.
    private static Instant suggested(CertificateState state, Validity validity, Instant now, Instant nextWake) {
        AriChoice choice = choiceOf(state);
        RenewalTime time = choice == null ? null : choice.time();
        if (time == null || !time.chosen().isBefore(validity.end())) {
            return validity.dueAt();
        }
        return isBestNow(time, now, nextWake) ? now : time.chosen();
    }

    // What is chosen before the next look is for now (RFC 9773 section 4.2), but for a window that only opens later
    // and is still open then: a CA exempts renewals from its limits inside the window.
    private static boolean isBestNow(RenewalTime time, Instant now, Instant nextWake) {
        if (!time.isDue(now, nextWake)) {
            return false;
        }
        boolean isWindowOpen = !time.windowStart().isAfter(now);
        boolean isLastLook = !time.windowEnd().isAfter(nextWake);
        return isWindowOpen || isLastLook;
    }

    private static boolean isToBeAsked(CertificateState state, Instant now, Instant nextWake) {
        Validity validity = state.validity();
        RenewalRecord renewal = state.renewal();
        if (!state.isAskedFor() || validity == null || renewal == null || renewal.keyCompromised()) {
            return false;
        }
        AriChoice choice = renewal.ari();
        boolean isTime = choice == null
                ? !now.isBefore(firstQuestion(validity))
                : !now.isBefore(choice.askAgainAt()) || isOfAnotherClock(choice.askAgainAt(), now);
        return isTime && now.isBefore(validity.lastCallAt(now, nextWake));
    }

    private static boolean isOfAnotherClock(Instant question, Instant now) {
        return question.getEpochSecond() - now.getEpochSecond() > RenewalInfo.LONGEST_WAIT.toSeconds();
    }

    // Not at once: nobody suggests to renew what is new.
    private static Instant firstQuestion(Validity validity) {
        Duration tenth = validity.lifetime().dividedBy(10);
        return validity.begin().plus(tenth.compareTo(RenewalInfo.USUAL_WAIT) < 0 ? tenth : RenewalInfo.USUAL_WAIT);
    }

    private static @Nullable AriChoice choiceOf(CertificateState state) {
        RenewalRecord renewal = state.renewal();
        return renewal == null || !state.isAskedFor() ? null : renewal.ari();
    }

    /** Until when a failure that was written down holds a certificate back. */
    static Instant heldBackUntil(@Nullable RenewalRecord renewal, Instant now) {
        Instant next = renewal == null ? null : renewal.nextAttempt();
        return next == null || next.isAfter(now.plus(LONGEST_HOLD)) ? Instant.MIN : next;
    }
}
