package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of a moment, and when to ask again (RFC 9773 sections 4.2 and 4.3). */
class RenewalInfoTest {

    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2027-01-03T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static RenewalInfo window(Instant start, Instant end) {
        return new RenewalInfo(start, end, null, NOW);
    }

    @Provide
    Arbitrary<RenewalInfo> windows() {
        Arbitrary<Instant> starts = Arbitraries.longs()
                .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond() - 1)
                .map(Instant::ofEpochSecond);
        Arbitrary<Duration> nanos = Arbitraries.longs().greaterOrEqual(1).map(Duration::ofNanos);
        Arbitrary<Duration> seconds =
                Arbitraries.longs().between(1, Instant.MAX.getEpochSecond()).map(Duration::ofSeconds);
        return Combinators.combine(starts, Arbitraries.oneOf(nanos, seconds))
                .as((start, length) -> window(start, capped(start, length)));
    }

    private static Instant capped(Instant start, Duration length) {
        return length.compareTo(Duration.between(start, Instant.MAX)) < 0 ? start.plus(length) : Instant.MAX;
    }

    @Property
    void theMomentLiesInTheWindow(@ForAll("windows") RenewalInfo info, @ForAll long seed) {
        RenewalTime time = info.choose(null, new Random(seed));

        assertThat(time.chosen()).isAfterOrEqualTo(info.windowStart()).isBefore(info.windowEnd());
        assertThat(time.windowStart()).isEqualTo(info.windowStart());
        assertThat(time.windowEnd()).isEqualTo(info.windowEnd());
    }

    @Property
    void theMomentStaysForAsLongAsTheWindowDoes(
            @ForAll("windows") RenewalInfo info, @ForAll long seed, @ForAll long laterSeed) {
        RenewalTime time = info.choose(null, new Random(seed));
        RenewalInfo askedAgain = new RenewalInfo(
                info.windowStart(), info.windowEnd(), "https://ca.example/why", NOW.plus(Duration.ofHours(6)));

        assertThat(askedAgain.choose(time, new Random(laterSeed))).isEqualTo(time);
    }

    @Property
    void theMomentIsDrawnAnewWhenTheWindowHasMoved(@ForAll @LongRange(min = 1, max = 1_000_000) long seconds) {
        RandomGenerator random = new Random(seconds);
        RenewalTime before = window(START, END).choose(null, random);

        RenewalInfo earlier = window(START.minusSeconds(seconds), END.minusSeconds(seconds));
        RenewalInfo shorter = window(START, END.minusNanos(seconds));

        assertThat(earlier.choose(before, random).windowStart()).isEqualTo(earlier.windowStart());
        assertThat(shorter.choose(before, random).windowEnd()).isEqualTo(shorter.windowEnd());
    }

    @Property(tries = 20)
    void everyMomentIsEquallyLikely(@ForAll long seed) {
        int parts = 8;
        int draws = 8_000;
        int[] hits = new int[parts];
        RandomGenerator random = new Random(seed);
        Duration part = Duration.between(START, END).dividedBy(parts);
        for (int i = 0; i < draws; i++) {
            Instant chosen = window(START, END).choose(null, random).chosen();
            hits[(int) Duration.between(START, chosen).dividedBy(part)]++;
        }
        // Six standard deviations of a binomial distribution.
        int tolerance = 6 * (int) Math.sqrt(draws * (1.0 / parts) * (1 - 1.0 / parts));
        assertThat(hits).satisfies(all -> {
            for (int each : all) {
                assertThat(each).isCloseTo(draws / parts, within(tolerance));
            }
        });
    }

    @Property
    void theNextQuestionIsNeverSoonerThanAMinuteNorLaterThanADay(
            @ForAll @LongRange(min = -10_000_000, max = 100_000_000) long seconds) {
        Instant wished = NOW.plusSeconds(seconds);

        Instant next = RenewalInfo.nextQuestion(wished, NOW);

        assertThat(next).isBetween(NOW.plus(RenewalInfo.SHORTEST_WAIT), NOW.plus(RenewalInfo.LONGEST_WAIT));
        if (seconds >= 60 && seconds <= 86_400) {
            assertThat(next).isEqualTo(wished);
        }
    }

    @Test
    void theNextQuestionIsAfterSixHoursIfTheCaDoesNotSay() {
        assertThat(RenewalInfo.nextQuestion(null, NOW)).isEqualTo(NOW.plus(Duration.ofHours(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T11:00:00Z, true, 'it has passed'",
        "2026-11-22T12:00:00Z, true, 'it is now'",
        "2026-11-22T17:59:59Z, true, 'it comes before anybody looks again'",
        "2026-11-22T18:00:00Z, false, 'the next look will see it'",
        "2026-12-01T00:00:00Z, false, 'it is far away'"
    })
    void aRenewalIsDueWhenItsMomentComesBeforeTheNextWake(Instant chosen, boolean due, String why) {
        RenewalTime time = new RenewalTime(START, END, chosen);

        assertThat(time.isDue(NOW, NOW.plus(Duration.ofHours(6)))).as(why).isEqualTo(due);
    }

    @Property
    void whatIsDueStaysDue(
            @ForAll @LongRange(min = -1_000, max = 1_000) long chosen,
            @ForAll @LongRange(min = 0, max = 1_000) long later,
            @ForAll @LongRange(min = 0, max = 1_000) long sleep) {
        RenewalTime time = new RenewalTime(START, END, NOW.plusSeconds(chosen));
        Instant then = NOW.plusSeconds(later);

        if (time.isDue(NOW, NOW.plusSeconds(sleep))) {
            assertThat(time.isDue(then, then.plusSeconds(sleep))).isTrue();
        }
    }

    @Test
    void aWindowThatDoesNotEndAfterItsStartIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> window(START, START));
        assertThatIllegalArgumentException().isThrownBy(() -> window(END, START));
    }
}
