package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.pki.KeyType;
import org.wucme.testing.ca.Endpoint;

/** The one call from names to a certificate: its solvers, its events, and its clean-up whatever happens. */
class ObtainTest extends AtTestCa {

    private static final String NAME = "www.example.test";
    private static final String[] THREE = {"a.example.test", "b.example.test", "c.example.test"};

    private static String[] names(int count) {
        return count == 1 ? new String[] {NAME} : THREE;
    }

    /** A solver that does as the silent one, with something added. */
    class Custom implements ChallengeSolver {
        void beforePresent(Identifier identifier) throws IOException {}

        void awaitVisible(Identifier identifier) throws IOException {}

        void afterClose(Identifier identifier) throws IOException {}

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return solver.canSolve(challenge, identifier);
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                throws IOException {
            beforePresent(identifier);
            Presented presented = solver.present(challenge, identifier, account);
            return new Presented() {
                @Override
                public void awaitVisible(Deadline deadline) throws IOException {
                    Custom.this.awaitVisible(identifier);
                }

                @Override
                public void close() throws IOException {
                    presented.close();
                    afterClose(identifier);
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "EC_P384", "RSA_2048"})
    void makesAKeyOfTheTypeAskedFor(KeyType type) throws IOException {
        IssuedCertificate issued = account().obtain(request(NAME).keyType(type).build(), solver);

        assertThat(issued.chain().leaf().getPublicKey())
                .isEqualTo(Objects.requireNonNull(issued.key()).getPublic());
        assertThat(Objects.requireNonNull(issued.key()).getPublic().getAlgorithm())
                .isEqualTo(type.name().startsWith("RSA") ? "RSA" : "EC");
        assertThat(issued.toString()).doesNotContain("Private", "key");
    }

    @Test
    void usesAKeyThatIsGiven() throws IOException {
        KeyPair key = TestClients.newKey();

        IssuedCertificate issued = account().obtain(request(NAME).key(key).build(), solver);

        assertThat(Objects.requireNonNull(issued.key())).isEqualTo(key);
        assertThat(issued.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
    }

    @Test
    void takesNamesThatAreGivenTwiceOnce() throws IOException {
        CertificateRequest request = CertificateRequest.of(NAME, "WWW.Example.Test", "bücher.example.test", NAME);

        IssuedCertificate issued = account().obtain(request, solver);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrder(Identifier.dns(NAME), Identifier.dns("xn--bcher-kva.example.test"));
    }

    @Test
    void tellsWhatHappensInItsOrder() throws IOException {
        List<IssuanceEvent> events = new ArrayList<>();

        IssuedCertificate issued =
                account().obtain(request(NAME).listener(events::add).build(), solver);

        assertThat(events)
                .hasExactlyElementsOfTypes(
                        IssuanceEvent.OrderCreated.class,
                        IssuanceEvent.ChallengeStarted.class,
                        IssuanceEvent.IdentifierValidated.class,
                        IssuanceEvent.OrderFinalized.class);
        assertThat(((IssuanceEvent.OrderCreated) events.get(0)).order().url()).isEqualTo(issued.orderUrl());
        assertThat(events.toString()).doesNotContain("PrivateKey");
    }

    @Test
    void tellsTheOrdersUrlBeforeItGoesOn() throws IOException {
        List<String> urls = new ArrayList<>();
        account()
                .obtain(
                        request(THREE)
                                .listener(event -> {
                                    if (event instanceof IssuanceEvent.OrderCreated created) {
                                        urls.add(created.order().url());
                                        assertThat(ca.count(Endpoint.AUTHORIZATION))
                                                .isZero();
                                    }
                                })
                                .build(),
                        solver);

        assertThat(urls).isEqualTo(ca.orders());
    }

    @Test
    void tellsOfEachName() throws IOException {
        List<IssuanceEvent> events = new CopyOnWriteArrayList<>();

        account().obtain(request(THREE).listener(events::add).build(), solver);

        assertThat(events)
                .filteredOn(IssuanceEvent.IdentifierValidated.class::isInstance)
                .extracting(event -> ((IssuanceEvent.IdentifierValidated) event).identifier())
                .containsExactlyInAnyOrderElementsOf(identifiers(THREE));
        assertThat(events)
                .filteredOn(IssuanceEvent.ChallengeStarted.class::isInstance)
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "OrderCreated, 1",
        "ChallengeStarted, 1",
        "ChallengeStarted, 3",
        "IdentifierValidated, 3",
        "OrderFinalized, 1"
    })
    void endsWithWhatItsListenerThrows(String event, int names) throws IOException {
        Account account = account();
        CertificateRequest request = request(names(names))
                .listener(seen -> {
                    if (seen.getClass().getSimpleName().equals(event)) {
                        throw new IllegalStateException("the listener says no");
                    }
                })
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> account.obtain(request, solver))
                .withMessage("the listener says no");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void passesAnErrorOfItsListenerOn(int names) throws IOException {
        Account account = account();
        CertificateRequest request = request(names(names))
                .listener(seen -> {
                    if (seen instanceof IssuanceEvent.ChallengeStarted) {
                        throw new AssertionError("broken");
                    }
                })
                .build();

        assertThatThrownBy(() -> account.obtain(request, solver))
                .isInstanceOf(AssertionError.class)
                .hasMessage("broken");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsWhenASolverCannotPresent(int names) throws IOException {
        Account account = account();
        ChallengeSolver failing = new Custom() {
            @Override
            void beforePresent(Identifier identifier) throws IOException {
                if (identifier.value().equals(names(names)[0])) {
                    throw new IOException("port 80 is in use");
                }
            }
        };

        assertThatThrownBy(() -> account.obtain(request(names(names)).build(), failing))
                .isInstanceOf(IOException.class)
                .hasMessage("port 80 is in use");
        assertThat(ca.count(Endpoint.FINALIZE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsWhenAnAnswerDoesNotBecomeVisible(int names) throws IOException {
        Account account = account();
        ChallengeSolver failing = new Custom() {
            @Override
            void awaitVisible(Identifier identifier) throws IOException {
                throw new IOException("not visible from outside");
            }
        };

        assertThatThrownBy(() -> account.obtain(request(names(names)).build(), failing))
                .hasMessage("not visible from outside");
        assertThat(solver.everPresented).isNotEmpty();
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    @Test
    void comesBackOnlyWhenNothingGoesOnBehindItsBack() throws IOException {
        Account account = account();
        CountDownLatch waits = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        ChallengeSolver mixed = new Custom() {
            @Override
            void awaitVisible(Identifier identifier) throws IOException {
                if (identifier.value().equals(THREE[0])) {
                    TestClients.await(() -> waits.getCount() == 0);
                    throw new IOException("no");
                }
                waits.countDown();
                TestClients.await(Thread.currentThread()::isInterrupted);
                TestClients.await(slowly());
                ended.set(true);
            }
        };

        assertThatThrownBy(() -> account.obtain(request(THREE[0], THREE[1]).build(), mixed))
                .hasMessage("no");
        assertThat(ended).isTrue();
    }

    private static BooleanSupplier slowly() {
        Deadline deadline = Deadline.after(Duration.ofMillis(100));
        return deadline::hasPassed;
    }

    @Test
    void endsWhenASolverBreaks() throws IOException {
        Account account = account();
        ChallengeSolver broken = new Custom() {
            @Override
            void beforePresent(Identifier identifier) {
                if (identifier.value().equals(THREE[1])) {
                    throw new UnsupportedOperationException("bug");
                }
            }
        };

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> account.obtain(request(THREE).build(), broken));
    }

    @Test
    void deliversTheCertificateThoughAnAnswerCannotBeTakenAway() throws IOException {
        ChallengeSolver sticky = new Custom() {
            @Override
            void afterClose(Identifier identifier) throws IOException {
                throw new IOException("a test lets the removal fail");
            }
        };

        Logger log = Logger.getLogger(Presentations.class.getName());
        log.setLevel(Level.OFF);
        try {
            IssuedCertificate issued = account().obtain(request(THREE).build(), sticky);

            assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        } finally {
            log.setLevel(null);
        }
    }

    @Test
    void takesAnswersAwayBeforeItFinalizes() throws IOException {
        List<Integer> visible = new CopyOnWriteArrayList<>();

        account()
                .obtain(
                        request(THREE)
                                .listener(event -> {
                                    if (event instanceof IssuanceEvent.OrderFinalized) {
                                        visible.add(solver.visible.size());
                                    }
                                })
                                .build(),
                        solver);

        assertThat(visible).containsExactly(0);
        assertThat(solver.everPresented).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void leavesNoAnswerBehindWhenTheCaIsNotDoneInTime(int names) throws IOException {
        ca.pollsUntilReady(1_000);
        Account account = account();
        CertificateRequest request = request(names(names))
                .polling(PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(3)))
                .build();

        assertThatExceptionOfType(AcmeTimeoutException.class).isThrownBy(() -> account.obtain(request, solver));
        assertThat(solver.everPresented).hasSize(names);
    }

    @Test
    void saysThatNoSolverFits() throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request("*.example.test").build(), solver))
                .withMessageContaining("*.example.test")
                .withMessageContaining("dns-01");
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    @Test
    void asksSolversInTheirOrderAndAnswersOneChallengeOfEachName() throws IOException {
        List<String> presented = new CopyOnWriteArrayList<>();
        ChallengeSolver dns = new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return challenge instanceof Dns01;
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
                presented.add(identifier.value());
                return () -> {};
            }
        };

        account().obtain(request(NAME, "*.example.test").build(), solver, dns);

        assertThat(presented).containsExactly("*.example.test");
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(2);
    }

    @Test
    void provesNothingAgainThatIsProven() throws IOException {
        ca.reuseAuthorizations(true);
        Account account = account();
        account.obtain(request(THREE).build(), solver);
        ca.clearLog();

        account.obtain(request(THREE).build(), solver);

        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
        assertThat(solver.everPresented).hasSize(3);
    }

    @Test
    void fetchesNoAuthorizationOfAnOrderThatIsReadyAtOnce() throws IOException {
        ca.ordersReadyAtOnce(true);

        account().obtain(request(THREE).build(), solver);

        assertThat(ca.count(Endpoint.AUTHORIZATION)).isZero();
    }

    @Test
    void usesOnlyTheValidPartOfWhatIsProven() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).authorizations().get(0);
        Order order = account.fetchOrder(ca.orders().get(0));
        ca.makeStatus(url, "deactivated");

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() ->
                        account.obtain(request(NAME).resume(order.url()).build(), new Custom() {
                            @Override
                            void beforePresent(Identifier identifier) {
                                ca.makeStatus(ca.authorizations().get(1), "revoked");
                            }
                        }))
                .withMessageContaining("invalid");
    }
}
