package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.wucme.acme.FakeTime;
import org.wucme.acme.RetryPolicy;

class BackoffTest {

    private static final Duration FAR = Duration.ofDays(36_500);

    private final FakeTime time = new FakeTime(Instant.EPOCH);

    @Test
    void waitsDoubleUpToTheLongest() throws IOException {
        Backoff backoff = backoff(new RetryPolicy(6, Duration.ofMillis(250), Duration.ofSeconds(3), FAR), 1.0);
        for (int i = 0; i < 6; i++) {
            backoff.sleep();
        }
        assertThat(time.sleeps())
                .extracting(Duration::toMillis)
                .containsExactly(250L, 500L, 1000L, 2000L, 3000L, 3000L);
    }

    @Property
    void aWaitDiffersByAQuarterAtMost(
            @ForAll @LongRange(min = 1, max = 10_000_000) long firstMillis,
            @ForAll @IntRange(max = 20) int retries,
            @ForAll long seed)
            throws IOException {
        FakeTime clock = new FakeTime(Instant.EPOCH);
        Duration first = Duration.ofMillis(firstMillis);
        Duration longest = Duration.ofHours(4);
        Backoff backoff = new Backoff(new RetryPolicy(1000, first, longest, FAR), clock, new Random(seed));
        for (int i = 0; i < retries; i++) {
            backoff.sleep();
        }
        double expected = (double) Math.min(first.toNanos(), longest.toNanos());
        for (Duration slept : clock.sleeps()) {
            assertThat((double) slept.toNanos()).isBetween(expected * 0.75 - 1, expected * 1.25 + 1);
            expected = Math.min(expected * 2, (double) longest.toNanos());
        }
        assertThat(clock.sleeps()).hasSize(retries);
    }

    @Test
    void retriesAreCountedHoweverLongTheWait() throws IOException {
        Backoff backoff = backoff(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1), FAR), 1.0);
        assertThat(backoff.allowsRetry()).isTrue();
        backoff.sleep();
        backoff.sleep(Duration.ofSeconds(5));
        assertThat(backoff.allowsRetry()).isFalse();
        assertThat(time.sleeps()).endsWith(Duration.ofSeconds(5));
    }

    @Test
    void aCaThatAsksForNoWaitIsNotAskedSooner() throws IOException {
        Backoff backoff = backoff(new RetryPolicy(9, Duration.ofSeconds(1), Duration.ofSeconds(9), FAR), 1.0);
        backoff.sleep(Duration.ZERO);
        backoff.sleep(Duration.ofSeconds(-7));
        backoff.sleep(Duration.ofMillis(1));
        backoff.sleep(Duration.ofMinutes(1));
        assertThat(time.sleeps())
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofMinutes(1));
    }

    @Test
    void withoutRetriesThereIsNone() {
        assertThat(backoff(new RetryPolicy(0, Duration.ZERO, Duration.ZERO, FAR), 1.0)
                        .allowsRetry())
                .isFalse();
    }

    @Test
    void patienceEndsTheRetriesAndCutsTheLastWait() throws IOException {
        Duration second = Duration.ofSeconds(1);
        Backoff backoff = backoff(new RetryPolicy(9, second, second, Duration.ofMillis(1500)), 1.0);
        assertThat(backoff.allowsWait(second)).isTrue();
        backoff.sleep();
        assertThat(backoff.allowsRetry()).isTrue();
        assertThat(backoff.allowsWait(second)).isFalse();
        backoff.sleep();
        assertThat(backoff.allowsRetry()).isFalse();
        assertThat(time.sleeps()).containsExactly(second, Duration.ofMillis(500));
    }

    private Backoff backoff(RetryPolicy policy, double factor) {
        RandomGenerator fixed = new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble(double from, double to) {
                return factor;
            }
        };
        return new Backoff(policy, time, fixed);
    }
}
