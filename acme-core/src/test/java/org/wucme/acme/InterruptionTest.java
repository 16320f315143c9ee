package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** An interrupt ends whatever a client does at once, keeps the thread's flag, and leaves no answer behind. */
class InterruptionTest {

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final AcmeClient client = TestClients.client(ca);
    private final SilentSolver solver = new SilentSolver();

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        client.close();
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(solver.visible).isEmpty();
    }

    private interface Call {
        void run() throws IOException;
    }

    /** Runs the call in this thread, and interrupts it as soon as the condition holds. */
    private static void assertInterrupted(BooleanSupplier when, Call call) throws InterruptedException {
        Thread caller = Thread.currentThread();
        AtomicBoolean ended = new AtomicBoolean();
        Thread interrupter = new Thread(() -> {
            TestClients.await(() -> when.getAsBoolean() || ended.get());
            if (!ended.get()) {
                caller.interrupt();
            }
        });
        interrupter.start();
        Throwable thrown = catchThrowable(call::run);
        ended.set(true);
        boolean flag = Thread.interrupted();
        interrupter.join();

        assertThat(thrown).isInstanceOf(InterruptedIOException.class);
        assertThat(flag).isTrue();
    }

    private void issue(int names, ChallengeSolver how) throws IOException {
        TestClients.register(client)
                .obtain(CertificateRequest.of(RoundTripsTest.names(names).toArray(String[]::new)), how);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTHORIZATION", "CHALLENGE"})
    void endsRequestsThatRunAtOnce(Endpoint endpoint) throws InterruptedException {
        ca.fault(endpoint, Fault.stallHeaders(), 3);

        assertInterrupted(() -> ca.count(endpoint) >= 1, () -> issue(3, solver));
    }

    @Test
    void endsTheReadingOfAReply() throws InterruptedException {
        ca.fault(Endpoint.NEW_ORDER, Fault.stallBody());

        assertInterrupted(() -> ca.count(Endpoint.NEW_ORDER) == 1, () -> issue(1, solver));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsTheWaitForAnOrder(int names) throws InterruptedException {
        ca.pollsUntilReady(1_000).retryAfter(Endpoint.ORDER, "300");

        assertInterrupted(() -> ca.count(Endpoint.ORDER) == 1, () -> issue(names, solver));
        assertThat(solver.everPresented).hasSize(names);
    }

    @Test
    void endsTheWaitForARetry() throws InterruptedException {
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(503, "serverInternal", "busy", "Retry-After", "50"), 9);

        assertInterrupted(() -> ca.count(Endpoint.NEW_ORDER) == 1, () -> issue(1, solver));
    }

    @Test
    void endsTheWaitForAFreePlace() throws Exception {
        try (AcmeClient narrow = TestClients.builder(ca).maxInFlight(1).build()) {
            Account account = TestClients.register(narrow);
            ca.clearLog().fault(Endpoint.ACCOUNT, Fault.stallHeaders());
            Thread first =
                    new Thread(() -> assertThat(catchThrowable(account::fetch)).isNotNull());
            first.start();
            TestClients.await(() -> ca.count(Endpoint.ACCOUNT) > 0);
            Thread second = Thread.currentThread();
            assertInterrupted(
                    () -> second.getState() == Thread.State.WAITING,
                    () -> account.createOrder(OrderRequest.of("www.example.test")));
            assertThat(ca.count()).isEqualTo(1);
            first.interrupt();
            first.join();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsTheWaitForAnAnswerToBecomeVisible(int names) throws InterruptedException {
        ChallengeSolver slow = new Waiting(solver);

        assertInterrupted(() -> solver.visible.size() == names, () -> issue(names, slow));
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    @Test
    void thatCameBeforeEndsACallBeforeItAsksAnything() throws InterruptedException {
        Thread.currentThread().interrupt();

        assertInterrupted(() -> true, client::fetchDirectory);
        assertThat(ca.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void doesNotKeepAnswersFromBeingTakenAway(int names) throws InterruptedException {
        ca.pollsUntilReady(1_000).retryAfter(Endpoint.ORDER, "300");
        ChallengeSolver interruptible = new Waiting(solver) {
            @Override
            void awaitVisible(Deadline deadline) {}

            @Override
            void beforeClose() throws IOException {
                Deadline.after(Duration.ofMinutes(1)).sleep(Duration.ofMillis(1));
            }
        };

        assertInterrupted(() -> ca.count(Endpoint.ORDER) == 1, () -> issue(names, interruptible));
        assertThat(solver.everPresented).hasSize(names);
    }

    /** A solver whose answers take their time to be seen, or to be taken away. */
    private static class Waiting implements ChallengeSolver {
        private final SilentSolver inner;

        Waiting(SilentSolver inner) {
            this.inner = inner;
        }

        void awaitVisible(Deadline deadline) throws IOException {
            deadline.sleep(Duration.ofMinutes(5));
        }

        void beforeClose() throws IOException {}

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return inner.canSolve(challenge, identifier);
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            Presented presented = inner.present(challenge, identifier, account);
            return new Presented() {
                @Override
                public void awaitVisible(Deadline deadline) throws IOException {
                    Waiting.this.awaitVisible(deadline);
                }

                @Override
                public void close() throws IOException {
                    beforeClose();
                    presented.close();
                }
            };
        }
    }
}
