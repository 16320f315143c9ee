package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Resources;

/** How threads share one copy of a directory. */
class DirectoryCopyTest {

    private final FakeTime time = FakeTime.now();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger fetches = new AtomicInteger();

    private static Directory directory(String name) throws AcmeProtocolException {
        String json = "{'newNonce':'https://ca.example/nonce','newAccount':'https://ca.example/account',"
                + "'newOrder':'https://ca.example/order','revokeCert':'https://ca.example/revoke',"
                + "'meta':{'website':'https://ca.example/" + name + "'}}";
        return Resources.directory(Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "it"));
    }

    /** Fetches a directory once the answer may come. */
    private Directory fetch() throws IOException {
        int number = fetches.incrementAndGet();
        awaitAnswer();
        return directory("fetch-" + number);
    }

    private Directory fail() throws IOException {
        fetches.incrementAndGet();
        awaitAnswer();
        throw new AcmeConnectionException("the CA is away", new IOException("no route"), true);
    }

    private void awaitAnswer() throws InterruptedIOException {
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private DirectoryCopy cold(DirectoryCopy.Source source) {
        return new DirectoryCopy(source, time, null);
    }

    private static DirectoryCopy.Fetched fetchedBefore(Instant at) throws AcmeProtocolException {
        return DirectoryCopy.Fetched.before(directory("old"), at, at.plus(DirectoryCopy.MAX_AGE));
    }

    private record Running(FutureTask<Directory> result, Thread thread) {
        static Running start(Callable<Directory> task) {
            FutureTask<Directory> result = new FutureTask<>(task);
            Thread thread = new Thread(result);
            thread.setDaemon(true);
            thread.start();
            return new Running(result, thread);
        }

        void awaitWaiting() {
            TestClients.await(() -> thread.getState() == Thread.State.WAITING);
        }
    }

    @Test
    void isFetchedOnceForAllThatStartWithNone() throws Exception {
        DirectoryCopy copy = cold(this::fetch);
        List<Running> threads =
                Stream.generate(() -> Running.start(copy::get)).limit(16).toList();
        threads.forEach(Running::awaitWaiting);
        answer.countDown();

        for (Running thread : threads) {
            assertThat(thread.result.get()).isEqualTo(directory("fetch-1"));
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void servesThoughItIsOldWhileItIsFetchedAnew() throws Exception {
        DirectoryCopy copy = new DirectoryCopy(
                this::fetch, time, fetchedBefore(time.instant().minus(Duration.ofHours(12))));
        Running fetching = Running.start(copy::get);
        fetching.awaitWaiting();

        assertThat(copy.get()).isEqualTo(directory("old"));
        answer.countDown();

        assertThat(fetching.result.get()).isEqualTo(directory("fetch-1"));
        assertThat(copy.get()).isEqualTo(directory("fetch-1"));
        assertThat(fetches).hasValue(1);
    }

    @Test
    void isFetchedAnewAfterTheClockWasSetBack() throws Exception {
        answer.countDown();
        DirectoryCopy copy = new DirectoryCopy(
                this::fetch, time, fetchedBefore(time.instant().plus(Duration.ofDays(62))));

        assertThat(copy.get()).isEqualTo(directory("fetch-1"));
    }

    @Test
    void failsForAllThatWaitedAndIsTriedAgainByTheNext() throws Exception {
        DirectoryCopy copy = cold(this::fail);
        Running fetching = Running.start(copy::get);
        TestClients.await(() -> fetches.get() == 1);
        Running waiting = Running.start(copy::get);
        waiting.awaitWaiting();
        answer.countDown();

        for (Running thread : List.of(fetching, waiting)) {
            assertThatThrownBy(thread.result::get)
                    .hasCauseInstanceOf(AcmeConnectionException.class)
                    .hasMessageContaining("the CA is away");
        }
        assertThat(fetches).hasValue(1);
        assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(copy::get);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void isFetchedByAnotherWhenTheOneThatDidIsInterrupted() throws Exception {
        DirectoryCopy copy = cold(this::fetch);
        Running fetching = Running.start(copy::get);
        TestClients.await(() -> fetches.get() == 1);
        Running waiting = Running.start(copy::get);
        waiting.awaitWaiting();

        fetching.thread.interrupt();
        TestClients.await(() -> fetches.get() == 2);
        answer.countDown();

        assertThatThrownBy(fetching.result::get).hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(waiting.result.get()).isEqualTo(directory("fetch-2"));
    }

    @Test
    void isNotWaitedForByWhoIsInterrupted() throws Exception {
        DirectoryCopy copy = cold(this::fetch);
        Running fetching = Running.start(copy::get);
        TestClients.await(() -> fetches.get() == 1);
        Running waiting = Running.start(copy::get);
        waiting.awaitWaiting();

        waiting.thread.interrupt();

        assertThatThrownBy(waiting.result::get).hasCauseInstanceOf(InterruptedIOException.class);
        answer.countDown();
        assertThat(fetching.result.get()).isEqualTo(directory("fetch-1"));
    }

    /** Has a directory of an earlier run, which takes until the answer may come to be read, and a CA that says something else. */
    private final class KeptBefore implements DirectoryCopy.Source {
        @Override
        public Directory fetch() throws IOException {
            return DirectoryCopyTest.this.fetch();
        }

        @Override
        public Optional<DirectoryCopy.Fetched> kept() {
            try {
                awaitAnswer();
                return Optional.of(fetchedBefore(time.instant()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void isOfTheCaItselfForWhoMustKnowThoughAnotherReadsWhatWasKept() throws Exception {
        DirectoryCopy copy = cold(new KeptBefore());
        Running reading = Running.start(copy::get);
        reading.awaitWaiting();
        Running asking = Running.start(copy::confirmed);
        asking.awaitWaiting();
        answer.countDown();

        assertThat(reading.result.get()).isEqualTo(directory("old"));
        assertThat(asking.result.get()).isEqualTo(directory("fetch-1"));
        assertThat(copy.get()).isEqualTo(directory("fetch-1"));
    }

    @Test
    void servesWhileItIsInDoubtAndWhenNoOtherIsToBeHad() throws Exception {
        DirectoryCopy copy = new DirectoryCopy(this::fail, time, fetchedBefore(time.instant()));
        Running doubting = Running.start(copy::doubted);
        doubting.awaitWaiting();
        assertThat(copy.get()).isEqualTo(directory("old"));
        answer.countDown();

        assertThatThrownBy(doubting.result::get).hasCauseInstanceOf(AcmeConnectionException.class);
        assertThat(copy.get()).isEqualTo(directory("old"));
    }

    @Test
    void isAskedForOnceAMinuteThoughTheCaDoesNotAnswer() throws Exception {
        answer.countDown();
        DirectoryCopy copy = new DirectoryCopy(this::fail, time, fetchedBefore(time.instant()));

        assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(copy::doubted);
        assertThat(copy.doubted()).isEqualTo(directory("old"));
        assertThat(fetches).hasValue(1);
        assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(copy::confirmed);

        time.sleep(Duration.ofMinutes(1));
        assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(copy::doubted);
        assertThat(fetches).hasValue(3);
    }
}
