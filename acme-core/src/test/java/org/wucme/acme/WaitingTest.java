package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Deadline}, {@link Sleeper} and the policies. */
class WaitingTest {

    private final FakeTime time = new FakeTime(Instant.EPOCH);

    @Test
    void aDeadlineComesNearerAsTimePasses() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
        time.sleep(Duration.ofSeconds(4));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(6));
        assertThat(deadline.hasPassed()).isFalse();
        time.sleep(Duration.ofSeconds(6));
        assertThat(deadline.hasPassed()).isTrue();
        time.sleep(Duration.ofSeconds(1));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(-1));
    }

    @Test
    void nobodySleepsPastADeadline() throws InterruptedIOException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
        deadline.sleep(Duration.ofSeconds(7));
        deadline.sleep(Duration.ofSeconds(7));
        deadline.sleep(Duration.ofSeconds(7));
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(3));
    }

    @Test
    void noTimeAtAllIsNotSlept() throws InterruptedIOException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), time);
        deadline.sleep(Duration.ZERO);
        deadline.sleep(Duration.ofSeconds(-1));
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void aDeadlineCanLieInfinitelyFarAhead() throws InterruptedIOException {
        Deadline deadline = Deadline.after(ChronoUnit.FOREVER.getDuration(), time);
        deadline.sleep(Duration.ofDays(1000));
        assertThat(time.sleeps()).containsExactly(Duration.ofDays(1000));
        assertThat(deadline.hasPassed()).isFalse();
    }

    @Test
    void anInterruptedSleepKeepsTheFlag() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), duration -> {
            throw new InterruptedException();
        });
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> deadline.sleep(Duration.ofSeconds(1)));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theSystemsSleeperEndsAtOnceWhenInterrupted() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> Deadline.after(Duration.ofHours(1)).sleep(ChronoUnit.FOREVER.getDuration()));
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void theSystemsSleeperReturnsAtOnceFromNoWait(long seconds) throws InterruptedException {
        Sleeper.SYSTEM.sleep(Duration.ofSeconds(seconds));
    }

    @Test
    void theSystemsSleeperSleeps() throws InterruptedException {
        long start = Sleeper.SYSTEM.nanoTime();
        Sleeper.SYSTEM.sleep(Duration.ofNanos(2_500_000));
        assertThat(Sleeper.SYSTEM.nanoTime() - start).isGreaterThanOrEqualTo(2_500_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, 0, -1, Double.NaN})
    void waitsBetweenPollsDoNotShrink(double growth) {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingPolicy(second, growth, second, second));
    }

    @Test
    void aPollingPolicyWithoutWaitsIsRefusedSinceItWouldFloodTheCa() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingPolicy(Duration.ZERO, 1.5, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingPolicy(second, 1.5, Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingPolicy(second, 1.5, second, second.negated()));
        assertThatIllegalArgumentException().isThrownBy(() -> PollingPolicy.DEFAULT.withRefusals(0, second));
        assertThatIllegalArgumentException().isThrownBy(() -> PollingPolicy.DEFAULT.withRefusals(1, second.negated()));
    }

    @Test
    void onlyTheTimeoutOfAPollingPolicyChanges() {
        PollingPolicy policy = PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(3));
        assertThat(policy).isNotEqualTo(PollingPolicy.DEFAULT);
        assertThat(policy.withTimeout(PollingPolicy.DEFAULT.timeout())).isEqualTo(PollingPolicy.DEFAULT);
    }

    @Test
    void nothingInARetryPolicyIsNegative() {
        Duration second = Duration.ofSeconds(1);
        Duration less = second.negated();
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(-1, second, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, less, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, second, less, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, second, second, less));
    }
}
