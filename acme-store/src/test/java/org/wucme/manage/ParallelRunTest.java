package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** A run that is made once renews in parallel, and otherwise as one certificate after another. */
@SuppressWarnings("NullAway.Init")
class ParallelRunTest {

    private static final int AT_ONCE = 10;
    private static final Duration QUIET = Duration.ofMillis(150);

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /** As if they had been obtained long ago: {@code %d} is the number. */
    private void makeDue(String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            scene.manager().issue(scene.wanted(name.formatted(i)).build());
        }
        scene.time.advance(Scene.UNTIL_DUE);
    }

    @Test
    void asManyAreRenewedInParallelAsTheBuilderSays() throws IOException {
        makeDue("a%d.test", 2 * AT_ONCE);
        CyclicBarrier all = new CyclicBarrier(AT_ONCE);
        scene.solver.before(() -> await(all));

        assertThat(scene.manager().renewDue()).hasSize(2 * AT_ONCE).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    private static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException | InterruptedException e) {
            throw new IOException("not so many at the same time", e);
        }
    }

    @Test
    void noMoreAreRenewedInParallelThanTheBuilderSays() throws IOException {
        makeDue("a%d.test", 6);
        AtomicInteger present = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        scene.solver.before(() -> {
            most.accumulateAndGet(present.incrementAndGet(), Math::max);
            // Long enough for a third one, if there were any, to be there too.
            LockSupport.parkNanos(20_000_000);
            present.decrementAndGet();
        });

        assertThat(scene.manager(
                                scene.configured(scene.store).renewalInfo(false).atOnce(2))
                        .renewDue())
                .hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    /** At a round-trip time of 200 ms these take less than four seconds; one after another they would take thirty. */
    @Test
    void twentyCertificatesOfAPrivateCaTakeEighteenRoundTrips() throws IOException {
        makeDue("a%d.test", 20);
        scene.ca.clearLog().rounds(QUIET);

        assertThat(scene.manager().renewDue()).hasSize(20).hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(scene.ca.depth()).isLessThanOrEqualTo(18);
        assertThat(scene.ca.maxInFlight()).isEqualTo(AT_ONCE);
    }

    @Test
    void outcomesComeInTheOrderOfTheStore() throws IOException {
        makeDue("a%d.test", AT_ONCE);

        assertThat(scene.manager().renewDue())
                .extracting(outcome -> outcome.certificate().name())
                .containsExactlyElementsOf(IntStream.range(0, AT_ONCE)
                        .mapToObj("A%d_TEST"::formatted)
                        .toList());
    }

    @Test
    void whatWaitsForTheBudgetOfASharedNameIsRenewedInTheSameRun() throws IOException {
        int many = AuthorizationBudget.FAILURES_PER_HOUR + 3;
        for (int i = 0; i < many; i++) {
            scene.manager().issue(scene.wanted("a" + i + ".test", "shared.test").build());
        }
        scene.time.advance(Scene.UNTIL_DUE);

        assertThat(scene.manager().renewDue()).hasSize(many).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void whereItIsNotKnownWhetherACaAnswersOneAsksFirst() throws IOException {
        makeDue("a%d.test", AT_ONCE);
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.resetBefore(), 100_000);
        scene.ca.clearLog();
        scene.manager().renewDue();
        long byOne = scene.ca.count(Endpoint.NEW_ORDER);
        for (int i = 0; i < AT_ONCE; i++) {
            String name = "A%d_TEST".formatted(i);
            RenewalRecord record = scene.record(name);
            assertThat(record.attempts().unreachableCa()).isEqualTo(scene.ca.directoryUrl());
            TestWrites.saveRecord(
                    scene.store,
                    name,
                    RecordBuilder.of(record).nextAttempt(null).build());
        }

        scene.ca.clearFaults();
        scene.ca.clearLog();
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(byOne).isLessThan(AT_ONCE);
    }

    @Test
    void anInterruptOfTheCallerEndsAllThatIsInProgress() throws Exception {
        makeDue("a%d.test", AT_ONCE);
        Thread caller = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        scene.solver.before(() -> {
            caller.interrupt();
            sleepUntilInterrupted(ended);
        });

        assertThatThrownBy(() -> scene.manager().renewDue()).isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < AT_ONCE; i++) {
            assertThat(scene.record("A%d_TEST".formatted(i)).attempts().failures())
                    .isZero();
        }
    }

    private static void sleepUntilInterrupted(CountDownLatch ended) throws IOException {
        try {
            TimeUnit.MINUTES.sleep(1);
        } catch (InterruptedException e) {
            ended.countDown();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
