package org.wucme.challenges.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final String ME = "192.0.2.1";

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void workThatTakesTooLongIsInterrupted() {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofMillis(20))) {
            workers.execute(ME, () -> {
                try {
                    Thread.sleep(Duration.ofMinutes(1).toMillis());
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            await(interrupted);
        }
    }

    @Test
    void whatWorkThrowsIsLoggedWithItsTypeAndStackTrace() throws Exception {
        try (LoggedErrors log = LoggedErrors.collect();
                Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            workers.execute(ME, () -> {
                throw new NoClassDefFoundError("expected by this test");
            });

            assertThat(log.next())
                    .satisfies(entry -> assertThat(entry.getThrown()).isInstanceOf(NoClassDefFoundError.class));
        }
    }

    @Test
    void workThatIsDoneInterruptsNothingLater() {
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        try (Workers workers = new Workers("test", Duration.ofMillis(100))) {
            for (int i = 0; i < 50; i++) {
                workers.execute(ME, () -> {
                    if (Thread.interrupted()) {
                        wasInterrupted.set(true);
                    }
                    LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
                });
            }
            workers.execute(ME, done::countDown);
            await(done);
        }
        assertThat(wasInterrupted).isFalse();
    }

    @Test
    void oneFailureDoesNotStopTheRest() {
        CountDownLatch done = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            workers.execute(ME, () -> {
                throw new IllegalStateException("expected by this test");
            });
            workers.execute(ME, done::countDown);
            await(done);
        }
    }

    @Test
    void clientsTakeTurns() {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        AtomicInteger before = new AtomicInteger();
        try (Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            for (int i = 0; i < 1000; i++) {
                workers.execute("192.0.2.7", () -> {
                    await(go);
                    before.incrementAndGet();
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                });
            }
            AtomicInteger doneBefore = new AtomicInteger();
            workers.execute(ME, () -> {
                doneBefore.set(before.get());
                other.countDown();
            });
            go.countDown();
            await(other);
            assertThat(doneBefore).hasValueLessThan(100);
        }
    }

    @Test
    void waitingWorkIsDoneAfterCloseAndNoneIsTaken() {
        int many = 200;
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(many);
        Workers workers = new Workers("test", Duration.ofSeconds(30));
        for (int i = 0; i < many; i++) {
            workers.execute(ME, () -> {
                await(go);
                done.countDown();
            });
        }
        workers.close();
        assertThatThrownBy(() -> workers.execute(ME, () -> {})).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        await(done);
    }

    @Test
    void moreThanCanWaitIsTurnedAway() {
        CountDownLatch go = new CountDownLatch(1);
        try (Workers workers = new Workers("test", Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20_000; i++) {
                            workers.execute(ME, () -> await(go));
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class);
            go.countDown();
        }
    }
}
