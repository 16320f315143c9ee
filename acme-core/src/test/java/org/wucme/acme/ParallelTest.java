package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work within a limit of time; work without one is shown by {@link ObtainTest} and {@link InterruptionTest}. */
class ParallelTest {

    @Test
    void everyItemIsDoneWithinTheLimit() throws IOException {
        Set<String> done = ConcurrentHashMap.newKeySet();

        Parallel.forEachWithin(Duration.ofMinutes(1), List.of("a", "b"), done::add);

        assertThat(done).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatTakesLongerIsInterruptedAndHasEndedAfterwards() {
        AtomicInteger ended = new AtomicInteger();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> Parallel.forEachWithin(Duration.ofMillis(20), List.of(1, 2), item -> {
                    TestClients.await(Thread.currentThread()::isInterrupted);
                    ended.incrementAndGet();
                }))
                .withMessageContaining("not all was done");
        assertThat(ended).hasValue(2);
    }
}
