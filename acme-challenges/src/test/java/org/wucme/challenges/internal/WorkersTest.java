package org.wucme.challenges.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void workThatTakesTooLongIsTold() {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofMillis(20))) {
            workers.execute(
                    () -> {
                        await(told);
                        ended.countDown();
                    },
                    told::countDown);
            await(ended);
        }
    }

    @Test
    void workThatIsDoneIsNotToldLater() {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch otherTold = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        try (Workers workers = new Workers("test", Duration.ofMillis(300))) {
            workers.execute(done::countDown, () -> told.set(true));
            await(done);
            workers.execute(() -> await(otherTold), otherTold::countDown);
            await(otherTold);
        }
        assertThat(told).isFalse();
    }

    @Test
    void oneFailureDoesNotStopTheRest() {
        CountDownLatch done = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            workers.execute(
                    () -> {
                        Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
                        throw new IllegalStateException("expected by this test");
                    },
                    () -> {});
            workers.execute(done::countDown, () -> {});
            await(done);
        }
    }

    @Test
    void whatWaitsWhenItClosesIsStillDoneAndNothingMoreIsTaken() {
        int many = 200;
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(many);
        Workers workers = new Workers("test", Duration.ofSeconds(30));
        for (int i = 0; i < many; i++) {
            workers.execute(
                    () -> {
                        await(go);
                        done.countDown();
                    },
                    () -> {});
        }
        workers.close();
        assertThatThrownBy(() -> workers.execute(() -> {}, () -> {})).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        await(done);
    }

    @Test
    void moreThanCanWaitIsTurnedAway() {
        CountDownLatch go = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            workers.execute(() -> await(go), () -> {});
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class);
            go.countDown();
        }
    }
}
