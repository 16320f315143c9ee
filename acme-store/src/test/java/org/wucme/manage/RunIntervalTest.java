package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;

/** Runs of cron, each of which renews the certificates due by lifetime and by the next run, if that is known. */
class RunIntervalTest {

    private static final Instant START = Instant.parse("2026-11-22T00:20:27Z");
    private static final long FIVE_MINUTES = 300;
    private static final long TEN_YEARS = 10L * 365 * 24 * 3600;
    private static final int RUNS = 120;

    /** One certificate, and the runs that look after it. */
    private static final class Cron {

        private final Duration lifetime;
        private final Duration interval;
        private final WakeInterval known;
        private final Random random;
        private final List<Instant> obtained = new ArrayList<>(List.of(START));
        private boolean hasExpired;

        Cron(Duration lifetime, Duration interval, @Nullable Duration known, long seed) {
            this.lifetime = lifetime;
            this.interval = interval;
            this.known = new WakeInterval(known);
            this.random = new Random(seed);
        }

        // Up to a tenth early or late, as cron is on a busy machine.
        Cron run() {
            Instant regular = START;
            for (int i = 0; i < RUNS; i++) {
                regular = regular.plus(interval);
                long late = (long) ((random.nextDouble() - 0.5) / 10 * interval.toMillis());
                runAt(regular.plusMillis(late));
            }
            return this;
        }

        private void runAt(Instant now) {
            CertificateState state = state();
            hasExpired |= now.isAfter(last().plus(lifetime));
            if (RenewalRule.decide(state, now, known.nextWake(state, now)) instanceof RenewalDecision.Renew) {
                obtained.add(now);
            }
        }

        private Instant last() {
            return obtained.get(obtained.size() - 1);
        }

        private CertificateState state() {
            RenewalRecord record = RecordBuilder.of(List.of(Identifier.dns("a.test")), "https://ca.example/")
                    .obtained(last())
                    .build();
            Validity validity = new Validity(last(), last().plus(lifetime));
            return new CertificateState("A", record.spec().identifiers(), validity, record, null, false, false, null);
        }

        Duration shortestLife() {
            Duration shortest = lifetime;
            for (int i = 1; i < obtained.size(); i++) {
                Duration life = Duration.between(obtained.get(i - 1), obtained.get(i));
                shortest = life.compareTo(shortest) < 0 ? life : shortest;
            }
            return shortest;
        }
    }

    @Property(tries = 300)
    void withAKnownIntervalNothingExpiresAndNothingIsRenewedThatWasJustObtained(
            @ForAll @LongRange(min = FIVE_MINUTES, max = TEN_YEARS) long seconds,
            @ForAll @DoubleRange(min = 0.01, max = 0.8) double part,
            @ForAll long seed) {
        Duration lifetime = Duration.ofSeconds(seconds);
        Duration interval = Duration.ofMillis((long) (seconds * 1000 * part));

        Cron cron = new Cron(lifetime, interval, interval.plus(interval.dividedBy(10)), seed).run();

        assertThat(cron.hasExpired).isFalse();
        assertThat(cron.shortestLife()).isGreaterThanOrEqualTo(lifetime.dividedBy(3));
    }

    @Property(tries = 300)
    void withAnUnknownIntervalTheShareOfTheLifetimeDecides(
            @ForAll @LongRange(min = FIVE_MINUTES, max = TEN_YEARS) long seconds,
            @ForAll @DoubleRange(min = 0.01, max = 0.3) double part,
            @ForAll long seed) {
        Duration lifetime = Duration.ofSeconds(seconds);

        Cron cron = new Cron(lifetime, Duration.ofMillis((long) (seconds * 1000 * part)), null, seed).run();

        assertThat(cron.hasExpired).isFalse();
        assertThat(cron.shortestLife().toSeconds() + 1).isGreaterThanOrEqualTo(seconds / 2);
    }

    @ParameterizedTest
    @CsvSource({"PT12H, PT10M", "PT12H, PT1H", "PT12H, PT5H", "PT24H, PT12H", "P6D, P1D", "P90D, P1D", "P90D, PT1H"})
    void aCertificateIsRenewedTwiceInItsLifetimeAtMostHoweverOftenCronRuns(Duration lifetime, Duration interval) {
        Cron cron = new Cron(lifetime, interval, interval.plus(interval.dividedBy(20)), 1).run();

        assertThat(cron.hasExpired).isFalse();
        assertThat(cron.shortestLife())
                .isGreaterThanOrEqualTo(lifetime.multipliedBy(45).dividedBy(100));
    }

    @Test
    void whatWouldExpireBeforeTheNextKnownRunIsRenewedAtThisOne() {
        Duration lifetime = Duration.ofHours(30);
        Cron daily = new Cron(lifetime, Duration.ofDays(1), Duration.ofDays(1), 1);

        daily.runAt(START.plus(Duration.ofHours(12)));

        assertThat(daily.obtained).hasSize(2);
    }
}
