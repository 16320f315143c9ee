package org.wucme.challenges.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.challenges.Proof;

class SharedAnswersTest {

    private static final long TENTH = Duration.ofMillis(100).toNanos();

    private final SlowStore store = new SlowStore();
    private final SharedAnswers answers = new SharedAnswers(store, Http01.TYPE, 2);

    @AfterEach
    void release() {
        store.release();
    }

    private static PendingAnswer answer(String token) {
        Proof proof = Proof.withToken("www.example.org", token);
        return PendingAnswer.of(
                proof.http01(),
                proof.identifier(),
                proof.account(),
                Instant.now().plusSeconds(60));
    }

    private Optional<PendingAnswer> found(CompletableFuture<Optional<PendingAnswer>> question) throws Exception {
        return question.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aQuestionIsAnsweredByAReadThatBeginsAfterItArrived() throws Exception {
        store.hold();
        CompletableFuture<Optional<PendingAnswer>> early = answers.find("other");
        awaitReads(1);
        PendingAnswer put = answer("token");
        store.put(put);
        CompletableFuture<Optional<PendingAnswer>> late = answers.find("token");
        store.release();

        assertThat(found(late)).contains(put);
        assertThat(found(early)).isEmpty();
        assertThat(store.reads()).hasSize(2);
    }

    @Test
    void whatIsNoLongerPresentedIsNotRemembered() throws Exception {
        PendingAnswer put = answer("token");
        store.put(put);
        assertThat(found(answers.find("token"))).contains(put);
        store.remove(put);

        assertThat(found(answers.find("token"))).isEmpty();
    }

    @Test
    void aScanCausesTenReadsASecondAtMostOneAtATime() throws Exception {
        List<CompletableFuture<Optional<PendingAnswer>>> questions = new ArrayList<>();
        PendingAnswer put = answer("token");
        store.put(put);
        long end = System.nanoTime() + 6 * TENTH;
        for (int i = 0; System.nanoTime() < end; i++) {
            questions.add(answers.find("scan-" + i));
            LockSupport.parkNanos(20_000);
        }
        CompletableFuture<Optional<PendingAnswer>> known = answers.find("token");

        assertThat(found(known)).contains(put);
        for (CompletableFuture<Optional<PendingAnswer>> question : questions) {
            assertThat(found(question)).isEmpty();
        }
        assertThat(store.mostRunning()).isEqualTo(1);
        assertThat(store.reads().size()).isLessThan(questions.size());
        for (int i = 1; i < store.reads().size(); i++) {
            long between =
                    store.reads().get(i).startNanos() - store.reads().get(i - 1).startNanos();
            // The clock is read a little before the store is.
            assertThat(between).isGreaterThan(TENTH - TENTH / 10);
        }
    }

    @Test
    void oneReadAnswersAllWhoAskForTheSame() throws Exception {
        PendingAnswer put = answer("token");
        store.put(put);
        store.hold();
        CompletableFuture<Optional<PendingAnswer>> unused = answers.find("first");
        awaitReads(1);
        List<CompletableFuture<Optional<PendingAnswer>>> same = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            same.add(answers.find("token"));
        }
        store.release();
        for (CompletableFuture<Optional<PendingAnswer>> question : same) {
            assertThat(found(question)).contains(put);
        }
        assertThat(store.reads()).hasSize(2);
    }

    @Test
    void aStoreThatCannotBeReadHasNoAnswerAndIsAskedAgain() throws Exception {
        PendingAnswer put = answer("token");
        store.put(put);
        store.fail(true);
        assertThat(found(answers.find("token"))).isEmpty();
        store.fail(false);

        assertThat(found(answers.find("token"))).contains(put);
    }

    @Test
    void aStoreThatHangsKeepsNoQuestionForLong() throws Exception {
        store.hold();

        assertThat(found(answers.find("token"))).isEmpty();
        assertThat(found(answers.find("token"))).isEmpty();
    }

    @Test
    void noMoreThreadsWaitThanAllowed() throws Exception {
        store.hold();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> answers.await("token"));
            thread.start();
            waiting.add(thread);
        }
        while (waiting.stream()
                .anyMatch(thread ->
                        thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING)) {
            LockSupport.parkNanos(1_000_000);
        }
        PendingAnswer put = answer("token");
        store.put(put);

        assertThat(answers.await("token")).isEmpty();

        store.release();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(answers.await("token")).contains(put);
    }

    @Test
    void anInterruptedThreadDoesNotWait() throws Exception {
        store.hold();
        Thread.currentThread().interrupt();

        assertThat(answers.await("token")).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
    }

    private void awaitReads(int count) {
        while (store.reads().size() < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
