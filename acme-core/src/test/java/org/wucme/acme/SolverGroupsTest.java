package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeGroups;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TxtRecord;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

/** Solvers that take the challenges of an order together, or one group after the other, at a CA that really validates. */
class SolverGroupsTest {

    private static final PollingPolicy QUICK =
            new PollingPolicy(Duration.ofMillis(20), 1.3, Duration.ofMillis(200), Duration.ofSeconds(30));

    private final TestCa ca = TestCa.start();
    private final AcmeClient client = TestClients.builder(ca).polling(QUICK).build();
    private final OneValueDns dns = new OneValueDns();
    private Http01Server server;

    @BeforeEach
    void start() throws IOException {
        server = Http01Server.start(0);
        ca.validateHttp01At(server.port());
    }

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        client.close();
        server.close();
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(server.answers()).isEmpty();
        assertThat(dns.values).isEmpty();
        assertThat(dns.closings()).allMatch(count -> count == 1);
    }

    /** A DNS service that holds one value at a name, in the zone of the CA. */
    private class OneValueDns implements ChallengeSolver {

        final Map<String, String> values = new ConcurrentHashMap<>();
        final List<List<String>> calls = new CopyOnWriteArrayList<>();
        private final List<AtomicInteger> closings = new CopyOnWriteArrayList<>();

        /** How often each answer was closed. */
        List<Integer> closings() {
            return closings.stream().map(AtomicInteger::get).toList();
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return challenge instanceof Dns01;
        }

        @Override
        public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) throws IOException {
            return ChallengeGroups.onePerPlace(tasks, task -> record(task).name());
        }

        @Override
        public Presented presentTogether(List<ChallengeTask> group, ChallengeContext context) throws IOException {
            calls.add(group.stream()
                    .map(task -> task.identifier().toString())
                    .sorted()
                    .toList());
            List<TxtRecord> records = group.stream().map(OneValueDns::record).toList();
            records.forEach(this::set);
            AtomicInteger closed = new AtomicInteger();
            closings.add(closed);
            return () -> {
                closed.incrementAndGet();
                records.forEach(this::clear);
                close();
            };
        }

        /** Throws, if a test wants that. */
        void close() throws IOException {}

        private static TxtRecord record(ChallengeTask task) {
            return ((Dns01) task.challenge()).txtRecord(task.identifier(), task.account());
        }

        private void set(TxtRecord record) {
            String before = values.put(record.name(), record.value());
            if (before != null) {
                ca.removeTxt(record.name(), before);
            }
            ca.txt(record.name(), record.value());
        }

        private void clear(TxtRecord record) {
            values.remove(record.name(), record.value());
            ca.removeTxt(record.name(), record.value());
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            throw new UnsupportedOperationException("not together");
        }
    }

    private IssuedCertificate obtain(List<ChallengeSolver> solvers, String... names) throws IOException {
        return TestClients.register(client).obtain(CertificateRequest.of(names), solvers);
    }

    @Test
    void aServiceWithOneValueAtANameValidatesANameAndItsWildcard() throws IOException {
        IssuedCertificate issued = obtain(List.of(dns), "example.test", "*.example.test", "www.example.test");

        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        assertThat(dns.calls).hasSize(2);
        assertThat(dns.calls.get(0)).contains("www.example.test").hasSize(2);
        assertThat(dns.calls.get(1)).hasSize(1);
    }

    @Test
    void allChallengesOfAnOrderArePresentedByOneCall() throws IOException {
        OneValueDns together = new OneValueDns() {
            @Override
            public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) {
                return ChallengeGroups.together(tasks);
            }
        };
        obtain(List.of(together), "a.example.test", "b.example.test", "c.example.test");

        assertThat(together.calls).containsExactly(List.of("a.example.test", "b.example.test", "c.example.test"));
        assertThat(together.values).isEmpty();
        assertThat(together.closings()).containsExactly(1);
        // No authorization is polled, as for challenges that are presented alone.
        assertThat(ca.count(Endpoint.AUTHORIZATION)).isEqualTo(3);
    }

    @Test
    void anOrderIsDividedAmongSolversThatDoNotWaitForEachOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        OneValueDns late = new OneValueDns() {
            @Override
            public Presented presentTogether(List<ChallengeTask> group, ChallengeContext context) throws IOException {
                if (calls.isEmpty()) {
                    meet(both);
                }
                return super.presentTogether(group, context);
            }
        };
        ChallengeSolver http = new Forwarding(server) {
            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                    throws IOException {
                meet(both);
                return super.present(challenge, identifier, account);
            }

            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return identifier.value().startsWith("www") && super.canSolve(challenge, identifier);
            }
        };
        obtain(List.of(http, late), "example.test", "*.example.test", "www.example.test");

        assertThat(ca.certificates()).hasSize(1);
        assertThat(late.calls).hasSize(2);
        assertThat(late.values).isEmpty();
    }

    private static void meet(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the other solver is not presenting", e);
        }
    }

    @Test
    void aGroupThatFailsEndsTheOrderBeforeTheNextIsPresented() throws IOException {
        OneValueDns wrong = new OneValueDns() {
            @Override
            public Presented presentTogether(List<ChallengeTask> group, ChallengeContext context) throws IOException {
                return super.presentTogether(
                        group.stream().map(SolverGroupsTest::ofAnotherAccount).toList(), context);
            }
        };
        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> obtain(List.of(wrong), "example.test", "*.example.test"))
                .satisfies(e -> assertThat(e.failures()).hasSize(1));

        assertThat(wrong.calls).hasSize(1);
        assertThat(wrong.values).isEmpty();
        assertThat(wrong.closings()).containsExactly(1);
    }

    private static ChallengeTask ofAnotherAccount(ChallengeTask task) {
        return new ChallengeTask(
                task.challenge(),
                task.identifier(),
                new AccountIdentity(task.account().url(), "another"),
                task.expires());
    }

    @Test
    void anAnswerThatCannotBeTakenAwayDoesNotKeepTheNextGroup() throws IOException {
        OneValueDns stubborn = new OneValueDns() {
            @Override
            void close() throws IOException {
                throw new IOException("the service is not reached");
            }
        };
        obtain(List.of(stubborn), "example.test", "*.example.test");

        assertThat(ca.certificates()).hasSize(1);
        assertThat(stubborn.closings()).containsExactly(1, 1);
    }

    @Test
    void anInterruptWhileAGroupIsValidatedClosesItOnce() throws Exception {
        Thread here = Thread.currentThread();
        CertificateRequest request = CertificateRequest.builder(identifiers("example.test", "*.example.test"))
                .listener(event -> {
                    if (event instanceof IssuanceEvent.ChallengeStarted) {
                        here.interrupt();
                    }
                })
                .build();
        Account account = TestClients.register(client);

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> account.obtain(request, List.of(dns)));
        assertThat(Thread.interrupted()).isTrue();

        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(1);
        assertThat(dns.calls).hasSize(1);
        assertThat(dns.closings()).containsExactly(1);
    }

    @Test
    void ofAResumedOrderOnlyWhatIsNotValidatedIsDividedIntoGroups() throws IOException {
        ca.reuseAuthorizations(true);
        Account account = TestClients.register(client);
        account.obtain(CertificateRequest.of("example.test"), List.of(dns));
        dns.calls.clear();
        List<Identifier> names = identifiers("example.test", "*.example.test");
        Order begun = account.createOrder(OrderRequest.of(names));

        account.obtain(CertificateRequest.builder(names).resume(begun.url()).build(), List.of(dns));

        assertThat(dns.calls).containsExactly(List.of("*.example.test"));
    }

    private static List<Identifier> identifiers(String... names) {
        return List.of(names).stream().map(Identifier::of).toList();
    }

    @Test
    void aSolverThatForgetsAChallengeIsRefusedBeforeAnythingIsPresented() {
        OneValueDns forgetful = new OneValueDns() {
            @Override
            public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) {
                return ChallengeGroups.together(tasks.subList(0, 1));
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> obtain(List.of(forgetful), "a.example.test", "b.example.test"))
                .withMessageContaining("exactly one group");
        assertThat(forgetful.calls).isEmpty();
    }

    @Test
    void byDefaultTheMembersOfAGroupArePresentedOneAfterTheOtherAndClosedIfOneFails() {
        List<Challenge> shown = new ArrayList<>();
        Set<Challenge> closed = ConcurrentHashMap.newKeySet();
        ChallengeSolver failing = new Forwarding(server) {
            @Override
            public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) {
                return ChallengeGroups.together(tasks);
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                    throws IOException {
                if (shown.size() == 2) {
                    throw new IOException("no third one");
                }
                shown.add(challenge);
                return () -> closed.add(challenge);
            }
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> obtain(List.of(failing), "a.example.test", "b.example.test", "c.example.test"))
                .withMessageContaining("no third one");

        assertThat(closed).isEqualTo(shown.stream().collect(Collectors.toSet())).hasSize(2);
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    @Test
    void whatAGroupIsMadeOfIsValidatedIfItIsPresentedOneByOne() throws IOException {
        ChallengeSolver together = new Forwarding(server) {
            @Override
            public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) {
                return ChallengeGroups.together(tasks);
            }
        };
        obtain(List.of(together), "a.example.test", "b.example.test");

        assertThat(ca.certificates()).hasSize(1);
    }

    private static class Forwarding implements ChallengeSolver {

        private final ChallengeSolver solver;

        Forwarding(ChallengeSolver solver) {
            this.solver = solver;
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return solver.canSolve(challenge, identifier);
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                throws IOException {
            return solver.present(challenge, identifier, account);
        }
    }
}
