package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalAnswer;
import org.wucme.acme.RenewalInfo;
import org.wucme.store.AriChoice;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.testing.ca.Endpoint;

/** What was just obtained is not due, whatever the clock, the CA's suggestion or the lifetime say. */
class JustObtainedTest {

    private static final Instant START = Instant.parse("2026-11-22T00:20:27Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration NINETY_DAYS = Duration.ofDays(90);

    private final Random random = new Random(1);

    /** A CA, and a machine with a clock of its own, that renew one certificate again and again. */
    private final class Life {

        private final Duration lifetime;
        private final Duration backdating;
        private final BiFunction<Validity, Instant, RenewalInfo> suggestion;
        private Duration clockError = Duration.ZERO;
        private Instant time = START;
        private CertificateState state;
        private int renewals;
        private Duration longestExpired = Duration.ZERO;

        Life(Duration lifetime, Duration backdating, @Nullable BiFunction<Validity, Instant, RenewalInfo> suggestion) {
            this.lifetime = lifetime;
            this.backdating = backdating;
            this.suggestion = suggestion == null ? (validity, now) -> usual(validity) : suggestion;
            this.state = state(RecordBuilder.of(List.of(Identifier.dns("a.test")), "https://ca.example/")
                    .build());
        }

        private CertificateState state(RenewalRecord renewal) {
            Instant begin = time.minus(backdating);
            Validity validity = new Validity(begin, begin.plus(lifetime));
            return new CertificateState("A", renewal.spec().identifiers(), validity, renewal, null, false, true, null);
        }

        Life clockError(Duration error) {
            clockError = error;
            obtain();
            renewals = 0;
            return this;
        }

        Life run(Duration duration) {
            Instant end = time.plus(duration);
            while (time.isBefore(end)) {
                Instant now = time.plus(clockError);
                Duration interval = CheckInterval.of(List.of(state));
                Plan plan = Plan.of(new Plan.State(List.of(state), Set.of(), interval, random), now);
                RenewalDecision decision = plan.decisions().get("A");
                if (decision instanceof RenewalDecision.AskRenewalInfo) {
                    ask(now);
                    decision = RenewalRule.decide(state, now, now.plus(interval));
                }
                if (decision instanceof RenewalDecision.Renew) {
                    Duration expired = Duration.between(validity().end(), time);
                    longestExpired = expired.compareTo(longestExpired) > 0 ? expired : longestExpired;
                    obtain();
                }
                time = time.plus(Duration.between(now, plan.nextWake()));
            }
            return this;
        }

        private Validity validity() {
            return Objects.requireNonNull(state.validity());
        }

        private void obtain() {
            Instant now = time.plus(clockError);
            RenewalRecord before = Objects.requireNonNull(state.renewal());
            state = state(before.obtained(
                    before.spec().directoryUrl(), "https://ca.example/1", now, RenewalRule.isEarly(state, now)));
            renewals++;
        }

        private void ask(Instant now) {
            RenewalRecord before = Objects.requireNonNull(state.renewal());
            RenewalAnswer answer = new RenewalAnswer.Suggested(suggestion.apply(validity(), now));
            RenewalRecord after = before.withRenewalInfo(AriChoice.of(answer, before.renewalInfo(), now, random));
            state = new CertificateState("A", after.spec().identifiers(), validity(), after, null, false, true, null);
        }
    }

    private static RenewalInfo usual(Validity validity) {
        Duration margin = validity.lifetime().dividedBy(100);
        return window(validity.dueAt().minus(margin), validity.dueAt().plus(margin), validity.begin());
    }

    private static RenewalInfo window(Instant start, Instant end, Instant now) {
        return new RenewalInfo(start, end, null, now.plus(Duration.ofHours(6)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P62D", "P89D", "PT2159H", "P1D", "-P1D", "-P400D"})
    void aClockThatIsWrongMakesNoStorm(Duration error) {
        Life life = new Life(NINETY_DAYS, Duration.ofHours(1), null).clockError(error);

        life.run(WEEK);

        assertThat(life.renewals).isLessThanOrEqualTo(error.compareTo(Duration.ofDays(88)) > 0 ? 21 : 1);
    }

    @Test
    void aClockThatIsTwoMonthsAheadRenewsEachWeekAtMostAndNothingExpires() {
        Life life = new Life(NINETY_DAYS, Duration.ofHours(1), null).clockError(Duration.ofDays(62));

        life.run(NINETY_DAYS);

        assertThat(life.renewals).isBetween(1, 13);
        assertThat(life.longestExpired).isZero();
    }

    @Test
    void whatHasLittleLeftWhenItIsIssuedIsRenewedAgainAndAgainButNotAtOnceAndDoesNotExpire() {
        Life life = new Life(Duration.ofMinutes(105), Duration.ofHours(1), null).clockError(Duration.ZERO);

        life.run(DAY);

        assertThat(life.renewals).isBetween(32, 100);
        assertThat(life.longestExpired).isZero();
    }

    @Test
    void aWindowThatIsAlwaysInThePastIsHeededOnceAndThenByTheAge() {
        Life life = new Life(
                        NINETY_DAYS,
                        Duration.ofHours(1),
                        (validity, now) -> window(START.minus(DAY), START.minus(DAY.dividedBy(2)), now))
                .clockError(Duration.ZERO);

        life.run(WEEK);
        assertThat(life.renewals).isLessThanOrEqualTo(1);
        life.run(Duration.ofDays(365));
        assertThat(life.renewals).isLessThanOrEqualTo(2 * 365 / 30 + 2);
    }

    @Test
    void aWindowThatIsInThePastOfEachQuestionIsHeededOnceAndThenByTheAge() {
        Life life = new Life(
                        NINETY_DAYS,
                        Duration.ofHours(1),
                        (validity, now) -> window(now.minus(DAY), now.minus(Duration.ofMinutes(1)), now))
                .clockError(Duration.ZERO);

        life.run(WEEK);

        assertThat(life.renewals).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT1S", "PT5M", "PT3H"})
    void aWindowThatIsJustAheadOfEachQuestionIsHeededOnceAndThenByTheAge(Duration ahead) {
        Life life = new Life(
                        NINETY_DAYS,
                        Duration.ofHours(1),
                        (validity, now) ->
                                window(now.plus(ahead), now.plus(ahead).plus(Duration.ofHours(1)), now))
                .clockError(Duration.ZERO);

        life.run(WEEK);
        assertThat(life.renewals).isLessThanOrEqualTo(1);
        life.run(Duration.ofDays(365));
        assertThat(life.renewals).isLessThanOrEqualTo(2 * 365 / 30 + 2);
    }

    @Test
    void aWindowThatMovesIntoThePastIsHeededAtOnceForEachCertificateThatWasRenewedAtItsAge() {
        boolean[] isIncident = {false};
        Life life = new Life(
                        NINETY_DAYS,
                        Duration.ofHours(1),
                        (validity, now) -> isIncident[0] && validity.begin().isBefore(START.plus(DAY))
                                ? window(now.minus(DAY), now.minus(Duration.ofMinutes(1)), now)
                                : usual(validity))
                .clockError(Duration.ZERO);
        life.run(WEEK);
        assertThat(life.renewals).isZero();
        isIncident[0] = true;

        life.run(DAY);

        assertThat(life.renewals).isOne();
        life.run(Duration.ofDays(50));
        assertThat(life.renewals).isOne();
    }

    @Property(tries = 300)
    void whatIsNewIsNotDue(
            @ForAll @LongRange(min = 2, max = 400L * 24 * 3600) long seconds,
            @ForAll @LongRange(min = -1000L * 24 * 3600, max = 1000L * 24 * 3600) long clockErrorSeconds,
            @ForAll @LongRange(min = -1000L * 24 * 3600, max = 1000L * 24 * 3600) long windowSeconds,
            @ForAll @LongRange(min = 0, max = 100L * 24 * 3600) long intervalSeconds) {
        Instant window = START.plusSeconds(windowSeconds);
        Life life = new Life(
                        Duration.ofSeconds(seconds),
                        Duration.ZERO,
                        (validity, now) -> window(window, window.plusSeconds(10), now))
                .clockError(Duration.ofSeconds(clockErrorSeconds));
        Instant now = START.plusSeconds(clockErrorSeconds);

        assertThat(RenewalRule.decide(life.state, now, now.plusSeconds(intervalSeconds)))
                .isInstanceOf(RenewalDecision.Wait.class);
        life.run(Duration.ofSeconds(
                Math.min(seconds / 200, Duration.ofMinutes(14).toSeconds())));
        assertThat(life.renewals).isZero();
    }

    @Test
    void aManagerWhoseClockIsTwoMonthsAheadOrdersOnceAndDeploysOnce(@TempDir Path folder) throws Exception {
        try (Scene scene = new Scene(folder)) {
            scene.register();
            CertificateManager manager =
                    scene.manager(scene.configured(scene.store).clock(Clock.offset(scene.time, Duration.ofDays(62))));
            manager.issue(scene.www());

            for (int i = 0; i < 10; i++) {
                scene.time.advance(Duration.ofHours(7));
                assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);
                assertThat(manager.issue(scene.www())).isInstanceOf(Outcome.Current.class);
            }

            assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isOne();
            assertThat(scene.files()).hasSize(3);
        }
    }

    @Test
    void aCaWhoseWindowIsAlwaysInThePastGetsTwoOrdersInAWeek(@TempDir Path folder) throws Exception {
        try (Scene scene = new Scene(folder)) {
            scene.register();
            CertificateManager manager = scene.manager(scene.configured(scene.store));
            manager.issue(scene.www());

            for (int i = 0; i < 40; i++) {
                scene.time.advance(Duration.ofHours(4));
                scene.ca.renewalWindow(
                        Scene.leaf(scene.stored(Scene.WWW)),
                        scene.time.instant().minus(DAY),
                        scene.time.instant().minus(Duration.ofHours(1)));
                manager.renewDue();
            }

            assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isLessThanOrEqualTo(2);
        }
    }
}
