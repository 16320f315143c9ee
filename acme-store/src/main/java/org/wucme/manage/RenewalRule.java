package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalInfo;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.AriChoice;
import org.wucme.store.CertificateSpec;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.RenewalRecord;

/** How {@link RenewalDecision} is made. */
final class RenewalRule {

    /** The longest that a failure holds a certificate back. What says more was written while a clock was wrong. */
    static final Duration LONGEST_HOLD = Duration.ofDays(8);

    /** By when a CA is asked first when to renew a certificate; for a short one earlier. */
    static final Duration FIRST_QUESTION = Duration.ofHours(1);

    private static final int SPREAD = 997;

    private RenewalRule() {}

    /**
     * Decides about one certificate.
     *
     * @param nextWake when this is asked the next time
     */
    static RenewalDecision decide(CertificateState state, Instant now, Instant nextWake) {
        if (state.renewal() != null && state.renewal().unmanaged()) {
            return new RenewalDecision.Wait(Instant.MAX);
        }
        String problem = problemOf(state);
        if (problem != null) {
            return new RenewalDecision.NeedsHelp(problem);
        }
        Instant due = inWindow(state, dueAt(state, now, nextWake), now, nextWake);
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
        if (state.renewal() != null && state.renewal().origin().keyCompromised()) {
            return Optional.of(validity.begin());
        }
        RenewalTime time = timeOf(state);
        Instant due = time == null ? validity.dueAt() : time.chosen();
        Instant lastCall = validity.lastCallAt(due, due);
        return Optional.of(settled(state, validity, due, lastCall, Instant.MAX));
    }

    /**
     * When a certificate is due by its age alone, whatever its CA suggests; empty if there is none.
     *
     * @param now tells what was noted by a clock that was wrong
     */
    static Optional<Instant> dueByAge(CertificateState state, Instant now) {
        return Optional.ofNullable(state.validity())
                .map(validity -> later(validity.dueAt(), fresh(state, validity, now)));
    }

    /**
     * Whether a renewal now comes early, because the CA suggests so: so early that the next one is not to follow suit. The
     * moment may be a little ahead: a renewal is made at the last planning pass before it.
     */
    static boolean isEarly(CertificateState state, Instant now) {
        Validity validity = state.validity();
        return validity != null && isEarlySuggestion(state, validity) && now.isBefore(fresh(state, validity, now));
    }

    /**
     * Whether a certificate has just the names and addresses that a spec asks for. Identifiers of other types stand in
     * certificates in forms of their own, and are not compared.
     */
    static boolean isFor(CertificateChain chain, CertificateSpec wanted) {
        Set<Identifier> comparable = wanted.identifiers().stream()
                .filter(Identifier::isNameOrAddress)
                .collect(Collectors.toUnmodifiableSet());
        return chain.identifiers().equals(comparable);
    }

    /** Why a certificate is renewed now, for the log. */
    static String reasonFor(CertificateState state, Instant now) {
        Validity validity = state.validity();
        RenewalRecord renewal = state.renewal();
        if (validity == null) {
            return "there is none yet with these names";
        }
        if (renewal != null && renewal.origin().keyCompromised()) {
            return "its key is compromised";
        }
        if (!now.isBefore(validity.end())) {
            return "it expired at " + validity.end();
        }
        RenewalTime time = timeOf(state);
        boolean isByAge = !now.isBefore(validity.dueAt());
        if (time != null
                && time.chosen().isBefore(validity.end())
                && (!isByAge || !time.chosen().isAfter(now))) {
            return "its CA suggests " + time.chosen() + " (ARI)";
        }
        return isByAge
                ? "it has been due by its lifetime since " + validity.dueAt()
                : "it would expire before long, at " + validity.end();
    }

    private static @Nullable String problemOf(CertificateState state) {
        if (state.problem() != null) {
            return state.problem();
        }
        if (state.validity() == null && !state.isWanted()) {
            return "it was never issued: issue it again, or unmanage it";
        }
        return state.identifiers().isEmpty() ? "it has no names to renew it for" : null;
    }

    private static Instant dueAt(CertificateState state, Instant now, Instant nextWake) {
        Validity validity = state.validity();
        RenewalRecord renewal = state.renewal();
        if (validity == null || (renewal != null && renewal.origin().keyCompromised())) {
            return now;
        }
        Instant due = suggested(state, validity, now, nextWake);
        Instant lastCall = validity.lastCallAt(now, nextWake);
        return settled(state, validity, due, lastCall, now);
    }

    // Outside of the maintenance window, only what cannot wait is renewed.
    static Instant inWindow(CertificateState state, Instant due, Instant now, Instant nextWake) {
        Validity validity = state.validity();
        MaintenanceWindow window = state.window();
        if (window == null || validity == null || isUrgent(state, validity, now)) {
            return due;
        }
        Instant lastCall = validity.lastCallAt(now, nextWake);
        Instant latest = later(due, validity.alarmAt().isBefore(lastCall) ? validity.alarmAt() : lastCall);
        Instant opens = window.nextOpen(later(due, now));
        return opens.isBefore(latest) ? opens : latest;
    }

    // A suggested window that passes while a due certificate waits is no sign that the CA is about to revoke it.
    private static boolean isUrgent(CertificateState state, Validity validity, Instant now) {
        RenewalRecord renewal = state.renewal();
        RenewalTime time = timeOf(state);
        boolean isKeyCompromised = renewal != null && renewal.origin().keyCompromised();
        boolean isSuggestionPast = time != null
                && !time.windowEnd().isAfter(now)
                && time.windowEnd().isBefore(validity.dueAt());
        return isKeyCompromised || isSuggestionPast;
    }

    // What was just obtained is not due, whatever the clock, the CA or the lifetime say: else it would be renewed
    // without
    // end. But a CA that must revoke is heeded, once.
    private static Instant settled(
            CertificateState state, Validity validity, Instant due, Instant lastCall, Instant now) {
        if (isEarlyWish(state, validity)) {
            return due.isBefore(lastCall) ? due : lastCall;
        }
        return later(due.isBefore(lastCall) ? due : lastCall, fresh(state, validity, now));
    }

    /** Until when a certificate counts as just obtained. */
    private static Instant fresh(CertificateState state, Validity validity, Instant now) {
        RenewalRecord renewal = state.renewal();
        Instant obtained = renewal == null ? null : renewal.origin().obtained();
        // One in the future was noted by a clock that was wrong.
        return validity.freshUntil(obtained == null || obtained.isAfter(now) ? validity.begin() : obtained);
    }

    private static boolean isEarlyWish(CertificateState state, Validity validity) {
        RenewalRecord renewal = state.renewal();
        return renewal != null && !renewal.origin().renewedEarly() && isEarlySuggestion(state, validity);
    }

    // Measured by the certificate's own times: where this machine's clock is ahead, every suggestion seems to be late.
    private static boolean isEarlySuggestion(CertificateState state, Validity validity) {
        RenewalTime time = timeOf(state);
        return time != null && time.chosen().isBefore(validity.freshUntil(validity.begin()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    // What was chosen beyond the end is no suggestion. Pebble's windows are two days long, whatever the lifetime.
    private static Instant suggested(CertificateState state, Validity validity, Instant now, Instant nextWake) {
        RenewalTime time = timeOf(state);
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
        if (!state.isAskedFor()
                || validity == null
                || renewal == null
                || renewal.origin().keyCompromised()) {
            return false;
        }
        AriChoice choice = renewal.renewalInfo();
        boolean isTime = choice == null
                ? isFirstQuestion(state.name(), renewal, validity, now, nextWake)
                : !now.isBefore(choice.askAgainAt()) || isOfAnotherClock(choice.askAgainAt(), now);
        return isTime && now.isBefore(validity.lastCallAt(now, nextWake));
    }

    private static boolean isOfAnotherClock(Instant question, Instant now) {
        return question.getEpochSecond() - now.getEpochSecond() > RenewalInfo.LONGEST_WAIT.toSeconds();
    }

    // Within the first hour, so that a CA that must revoke what it has just issued is heard; but not at once, and not
    // for all
    // certificates that were issued together at the same moment. A caller that plans less often asks in its first pass.
    private static boolean isFirstQuestion(
            String name, RenewalRecord renewal, Validity validity, Instant now, Instant nextWake) {
        Instant obtained = renewal.origin().obtained();
        Instant start =
                obtained == null || obtained.isAfter(now) ? validity.begin() : later(obtained, validity.begin());
        if (nextWake.isAfter(now.plus(FIRST_QUESTION))) {
            return now.isAfter(start);
        }
        Duration tenth = validity.lifetime().dividedBy(10);
        Duration latest = tenth.compareTo(FIRST_QUESTION) < 0 ? tenth : FIRST_QUESTION;
        return !now.isBefore(start.plus(spread(latest, name)));
    }

    /** Between a quarter and a half of a duration, the same for the same name. */
    private static Duration spread(Duration whole, String name) {
        long quarter = whole.toMillis() / 4;
        return Duration.ofMillis(quarter + quarter * Math.floorMod(name.hashCode(), SPREAD) / SPREAD);
    }

    private static @Nullable RenewalTime timeOf(CertificateState state) {
        AriChoice choice = choiceOf(state);
        return choice == null ? null : choice.time();
    }

    /** What was chosen from the CA's suggestion, if it is to be asked at all. */
    static @Nullable AriChoice choiceOf(CertificateState state) {
        RenewalRecord renewal = state.renewal();
        return renewal == null || !state.isAskedFor() ? null : renewal.renewalInfo();
    }

    /** Until when a failure that was written down holds a certificate back. */
    static Instant heldBackUntil(@Nullable RenewalRecord renewal, Instant now) {
        Instant next = renewal == null ? null : renewal.attempts().nextAttempt();
        return next == null || next.isAfter(now.plus(LONGEST_HOLD)) ? Instant.MIN : next;
    }
}
