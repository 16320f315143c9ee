package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** One client serves many threads, whose requests really run in parallel. */
class ConcurrencyTest {

    private static final Duration QUIET = Duration.ofMillis(150);

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final SilentSolver solver = new SilentSolver();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        threads.shutdownNow();
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(solver.visible).isEmpty();
    }

    private <T> List<T> inParallel(int count, Callable<T> call) throws Exception {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(call));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    @Test
    void sixteenThreadsAreSixteenRequestsInFlight() throws Exception {
        try (AcmeClient client = TestClients.client(ca)) {
            Account account = TestClients.register(client);
            ca.clearLog().rounds(QUIET);

            inParallel(16, account::fetch);

            assertThat(ca.maxInFlight()).isEqualTo(16);
        }
    }

    @Test
    void sixteenThreadsThatFindNoConnectionOpenOne() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (AcmeClient before = TestClients.client(ca);
                AcmeClient client = TestClients.builder(ca)
                        .httpClient(counting(connections))
                        .directory(before.fetchDirectory(), Instant.now())
                        .build()) {
            KeyPair key = TestClients.newKey();
            Account account = client.account(
                    before.register(Registration.with(key).agreeToTerms()).url(), key);
            ca.clearLog().rounds(QUIET);

            inParallel(16, account::fetch);

            assertThat(connections).hasValue(1);
            assertThat(ca.maxInFlight()).isEqualTo(16);
        }
    }

    private static OkHttpClient counting(AtomicInteger connections) {
        return new OkHttpClient.Builder()
                .eventListener(new EventListener() {
                    @Override
                    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                        connections.incrementAndGet();
                    }
                })
                .build();
    }

    @Test
    void sixteenThreadsAreSixteenConnectionsOfACaWithoutHttp2() throws Exception {
        try (TestCa old = TestCa.builder().http1Only().start();
                AcmeClient client = TestClients.client(old)) {
            Account account = TestClients.register(client);
            old.clearLog().rounds(QUIET);

            inParallel(16, account::fetch);

            assertThat(old.maxInFlight()).isEqualTo(16);
        }
    }

    @Test
    void noneWaitsForAConnectionThatAnotherCouldNotOpen() throws Exception {
        try (AcmeClient before = TestClients.client(ca);
                AcmeClient client = TestClients.builder(ca)
                        .directory(before.fetchDirectory(), Instant.now())
                        .sleeper(FakeTime.now())
                        .build()) {
            Account account = client.account(ca.directoryUrl() + "/account", TestClients.newKey());
            ca.close();

            List<Boolean> refused = inParallel(16, () -> isRefused(account));

            assertThat(refused).hasSize(16).containsOnly(true);
        }
    }

    private static boolean isRefused(Account account) throws IOException {
        try {
            account.fetch();
            return false;
        } catch (AcmeConnectionException e) {
            return e.isRetryable();
        }
    }

    @Test
    void neverMoreRequestsRunAtOnceThanAllowed() throws Exception {
        try (AcmeClient client = TestClients.builder(ca).maxInFlight(3).build()) {
            Account account = TestClients.register(client);
            ca.clearLog().rounds(QUIET);

            inParallel(12, account::fetch);

            assertThat(ca.maxInFlight()).isEqualTo(3);
            assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(12);
        }
    }

    @Test
    void manyThreadsGetCertificatesThroughOneClient() throws Exception {
        ca.badNonceRate(0.1, 5);
        try (AcmeClient client = TestClients.client(ca)) {
            Account account = TestClients.register(client);

            List<IssuedCertificate> issued =
                    inParallel(16, () -> account.obtain(CertificateRequest.of("a.test", "b.test"), solver));

            assertThat(ca.orders()).hasSize(16);
            assertThat(ca.certificates())
                    .containsExactlyInAnyOrderElementsOf(
                            issued.stream().map(one -> one.chain().leaf()).toList());
        }
    }

    @Test
    void allNamesArePresentedAtTheSameTime() throws Exception {
        int names = 6;
        CountDownLatch all = new CountDownLatch(names);
        ChallengeSolver meeting = new Meeting(solver, () -> {
            all.countDown();
            return all.await(30, TimeUnit.SECONDS);
        });
        try (AcmeClient client = TestClients.client(ca)) {
            TestClients.register(client)
                    .obtain(CertificateRequest.of(RoundTripsTest.names(names).toArray(String[]::new)), meeting);
        }
        assertThat(all.getCount()).isZero();
    }

    @Test
    void aRequestThatHangsHoldsNobodyUp() throws Exception {
        try (AcmeClient client = TestClients.client(ca)) {
            Account account = TestClients.register(client);
            ca.clearLog().fault(Endpoint.NEW_ORDER, Fault.stallHeaders());
            Future<IssuedCertificate> stuck =
                    threads.submit(() -> account.obtain(CertificateRequest.of("stuck.test"), solver));
            TestClients.await(() -> ca.count(Endpoint.NEW_ORDER) > 0);

            IssuedCertificate issued = account.obtain(CertificateRequest.of("free.test"), solver);

            assertThat(issued.chain().identifiers()).containsExactly(Identifier.dns("free.test"));
            assertThat(stuck).isNotDone();
        }
    }

    @Test
    void anOrderThatWaitsHoldsNobodyUp() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        ChallengeSolver slow = new Meeting(solver, () -> {
            waits.countDown();
            return free.await(30, TimeUnit.SECONDS);
        });
        try (AcmeClient client = TestClients.client(ca)) {
            Account account = TestClients.register(client);
            Future<IssuedCertificate> waiting =
                    threads.submit(() -> account.obtain(CertificateRequest.of("slow.test"), slow));
            assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();

            account.obtain(CertificateRequest.of("fast.test"), solver);
            assertThat(waiting).isNotDone();
            free.countDown();

            assertThat(waiting.get().chain().identifiers()).containsExactly(Identifier.dns("slow.test"));
        }
    }

    @Test
    void closingTheClientEndsWhatIsInProgressAtOnce() throws Exception {
        AcmeClient client = TestClients.client(ca);
        Account account = TestClients.register(client);
        ca.clearLog().fault(Endpoint.ACCOUNT, Fault.stallHeaders(), 100);
        Future<AccountInfo> stuck = threads.submit(account::fetch);
        TestClients.await(() -> ca.count(Endpoint.ACCOUNT) > 0);

        client.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> stuck.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(AcmeConnectionException.class)
                .havingCause()
                .withMessageContaining("closed")
                .matches(e -> !((AcmeException) e).isRetryable());
        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(account::fetch)
                .withMessageContaining("closed");
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    /** A solver whose answers wait for something before they count as visible. */
    private record Meeting(SilentSolver inner, Callable<Boolean> meet) implements ChallengeSolver {
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
                    try {
                        assertThat(meet.call()).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException();
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }

                @Override
                public void close() throws IOException {
                    presented.close();
                }
            };
        }
    }
}
