package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.RecordJournal;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

/** While a tls-alpn-01 answer is presented, no other order presents one for the same name. */
class IdentifierLeaseTest {

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final AcmeClient client = TestClients.client(ca);
    private final ChallengeContext context = ChallengeContext.inMemory();

    @AfterEach
    void close() {
        client.close();
        ca.close();
    }

    /** Presents one type of challenge, by doing what a test wants. */
    private static class Solver implements ChallengeSolver {

        private final Class<? extends Challenge> kind;
        private final Showing showing;
        final AtomicInteger visible = new AtomicInteger();

        interface Showing {
            void show(ChallengeTask task, ChallengeContext context) throws IOException;
        }

        Solver(Class<? extends Challenge> kind, Showing showing) {
            this.kind = kind;
            this.showing = showing;
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return kind.isInstance(challenge);
        }

        @Override
        public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
            showing.show(task, context);
            visible.incrementAndGet();
            return visible::decrementAndGet;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            throw new UnsupportedOperationException("without context");
        }
    }

    private static CertificateRequest.Builder request(String... names) {
        return CertificateRequest.builder(
                List.of(names).stream().map(Identifier::of).toList());
    }

    @Test
    void theNameOfATlsAnswerIsLeasedUntilTheOrderIsReady() throws IOException {
        Solver solver = new Solver(
                TlsAlpn01.class,
                (task, given) -> assertThat(given.lease("identifier/www.example.test", Duration.ZERO))
                        .isEmpty());
        TestClients.register(client)
                .obtain(request("www.example.test").challengeContext(context).build(), solver);

        assertThat(solver.visible).hasValue(0);
        assertThat(context.lease("identifier/www.example.test", Duration.ZERO)).isPresent();
    }

    @Test
    void anHttpAnswerNeedsNoLease() throws IOException {
        Lease held = context.lease("identifier/www.example.test", Duration.ZERO).orElseThrow();
        TestClients.register(client)
                .obtain(
                        request("www.example.test").challengeContext(context).build(),
                        new Solver(Http01.class, (task, given) -> {}));

        assertThat(held.isHeld()).isTrue();
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void anOrderWaitsForTheLeaseOfAnotherAndEndsInTime() throws IOException {
        Lease held = context.lease("identifier/7.2.0.192.in-addr.arpa", Duration.ZERO)
                .orElseThrow();
        Solver solver = new Solver(TlsAlpn01.class, (task, given) -> {});
        PollingPolicy quick = PollingPolicy.DEFAULT.withTimeout(Duration.ofMillis(300));
        Account account = TestClients.register(client);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(
                        request("192.0.2.7")
                                .challengeContext(context)
                                .polling(quick)
                                .build(),
                        solver))
                .withMessageContaining("192.0.2.7")
                .satisfies(e -> assertThat(e.advice()).isEqualTo(Advice.WAIT));
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();

        held.close();
        account.obtain(request("192.0.2.7").challengeContext(context).build(), solver);
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void requestsByOneClientShareTheirLeasesByDefault() throws Exception {
        CountDownLatch presented = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger visible = new AtomicInteger();
        Solver first = new Solver(TlsAlpn01.class, (task, given) -> {
            visible.incrementAndGet();
            presented.countDown();
            await(goOn);
            most.accumulateAndGet(visible.get(), Math::max);
            visible.decrementAndGet();
        });
        Solver second = new Solver(TlsAlpn01.class, (task, given) -> visible.incrementAndGet());
        Account account = TestClients.register(client);

        CompletableFuture<Void> one = obtaining(account, first, "www.example.test");
        await(presented);
        CompletableFuture<Void> other = obtaining(account, second, "www.example.test");
        TestClients.await(() -> ca.count(Endpoint.AUTHORIZATION) == 2);
        goOn.countDown();
        one.get(30, TimeUnit.SECONDS);
        other.get(30, TimeUnit.SECONDS);

        assertThat(most).hasValue(1);
        assertThat(ca.certificates()).hasSize(2);
    }

    @Test
    void ordersForTheSameNamesInAnotherOrderDoNotBlockEachOther() throws Exception {
        Account account = TestClients.register(client);
        for (int i = 0; i < 10; i++) {
            Solver solver = new Solver(TlsAlpn01.class, (task, given) -> {});
            CompletableFuture<Void> one = obtaining(account, solver, "a.example.test", "b.example.test");
            CompletableFuture<Void> other = obtaining(account, solver, "b.example.test", "a.example.test");

            one.get(30, TimeUnit.SECONDS);
            other.get(30, TimeUnit.SECONDS);
        }
        assertThat(ca.certificates()).hasSize(20);
    }

    @Test
    void theCaIsNotAskedToValidateOnceTheLeaseIsLost() throws IOException {
        ChallengeContext losing = new LosingContext();
        Solver solver = new Solver(TlsAlpn01.class, (task, given) -> {});
        Account account = TestClients.register(client);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(
                        request("www.example.test").challengeContext(losing).build(), solver))
                .withMessageContaining("identifier/www.example.test")
                .satisfies(e -> assertThat(e.advice()).isEqualTo(Advice.RETRY));
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
        assertThat(solver.visible).hasValue(0);
    }

    private static CompletableFuture<Void> obtaining(Account account, Solver solver, String... names) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        account.obtain(request(names).build(), solver);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("the other order does not go on");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Its leases are lost at once. */
    private static final class LosingContext implements ChallengeContext {

        private final ChallengeContext memory = ChallengeContext.inMemory();

        @Override
        public ChallengeStore answers() {
            return memory.answers();
        }

        @Override
        public RecordJournal records() {
            return memory.records();
        }

        @Override
        public Optional<Lease> lease(String name, Duration patience) {
            return Optional.of(new Lost(name));
        }
    }

    private record Lost(String name) implements Lease {

        @Override
        public long token() {
            return 1;
        }

        @Override
        public boolean isHeld() {
            return false;
        }

        @Override
        public void onLost(Runnable action) {
            action.run();
        }

        @Override
        public void close() {}
    }
}
