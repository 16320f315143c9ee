package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private static final Duration QUIET = Duration.ofMillis(200);
    private static final Duration WORK = QUIET.multipliedBy(5);

    private final Rounds rounds = new Rounds();

    @Test
    void aRequestIsWaitedForWhileItsClientWorksOnIt() throws Exception {
        AtomicBoolean isFirstOver = new AtomicBoolean();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            await();
            isFirstOver.set(true);
        });

        work();

        assertThat(isFirstOver).isFalse();
        await();
        first.get();
    }

    private static void work() {
        long end = System.nanoTime() + WORK.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private void await() {
        try {
            rounds.await(QUIET);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
