package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Going on with an order that was begun earlier. */
class ResumeTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    private final KeyPair key = TestClients.newKey();

    ResumeTest() {
        super(TestCa.builder().profile("classic", "90 days").profile("shortlived", "6 days"));
    }

    private IssuedCertificate resume(Account account, String url) throws IOException {
        return account.obtain(request(NAME).key(key).resume(url).build(), solver);
    }

    private void assertFinished(String url, IssuedCertificate issued) {
        assertThat(issued.orderUrl()).isEqualTo(url);
        assertThat(ca.orders()).containsExactly(url);
        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        assertThat(issued.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(issued.key()).isEqualTo(key);
    }

    private void assertLeft(String url, IssuedCertificate issued) {
        assertThat(issued.orderUrl()).isNotEqualTo(url);
        assertThat(ca.orders()).hasSize(2).last().isEqualTo(issued.orderUrl());
        assertThat(ca.certificates()).last().isEqualTo(issued.chain().leaf());
    }

    @Test
    void completesAPendingOrder() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();

        assertFinished(url, resume(account, url));
    }

    @Test
    void completesAnOrderThatTimedOutWhileTheCaValidated() throws IOException {
        Account account = account();
        ca.pollsUntilReady(20);
        PollingPolicy brief = PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(2));
        AcmeTimeoutException timeout = catchThrowableOfType(
                AcmeTimeoutException.class,
                () -> account.obtain(request(NAME).key(key).polling(brief).build(), solver));

        assertFinished(timeout.resumeUrl(), resume(account, timeout.resumeUrl()));
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(1);
    }

    @Test
    void completesAnOrderThatTimedOutWhileTheCaIssued() throws IOException {
        Account account = account();
        ca.pollsUntilValid(20);
        PollingPolicy brief = PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(2));
        AcmeTimeoutException timeout = catchThrowableOfType(
                AcmeTimeoutException.class,
                () -> account.obtain(request(NAME).key(key).polling(brief).build(), solver));
        assertThat(ca.status(timeout.resumeUrl())).isEqualTo("processing");

        assertFinished(timeout.resumeUrl(), resume(account, timeout.resumeUrl()));
        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(1);
    }

    @Test
    void completesAReadyOrder() throws IOException {
        Account account = account();
        String url = readyOrder(account, NAME).url();

        assertFinished(url, resume(account, url));
        assertThat(solver.everPresented).isEmpty();
    }

    @Test
    void downloadsTheCertificateOfAValidOrder() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        account.awaitValid(account.finalizeOrder(order, csr(key, NAME)), PollingPolicy.DEFAULT);

        assertFinished(order.url(), resume(account, order.url()));
    }

    @Test
    void completesAnOrderThatTheCaHasBeenProcessingSinceLastWeek() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        ca.pollsUntilValid(2);
        account.finalizeOrder(order, csr(key, NAME));
        time.sleep(Duration.ofDays(8));

        assertFinished(order.url(), resume(account, order.url()));
        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(1);
    }

    @Test
    void completesAReadyOrderWithANewKey() throws IOException {
        Account account = account();
        String url = readyOrder(account, NAME).url();

        IssuedCertificate issued = account.obtain(request(NAME).resume(url).build(), solver);

        assertThat(issued.orderUrl()).isEqualTo(url);
        assertThat(ca.orders()).containsExactly(url);
    }

    @Test
    void leavesAProcessingOrderWhoseKeyIsLost() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        ca.pollsUntilValid(2);
        account.finalizeOrder(order, csr(key, NAME));

        assertLeft(order.url(), account.obtain(request(NAME).resume(order.url()).build(), solver));
    }

    @Test
    void leavesAPendingOrderThatHasExpired() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        time.sleep(Duration.ofDays(8));

        assertLeft(url, resume(account, url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deactivated", "expired", "revoked"})
    void leavesAPendingOrderWhoseAuthorizationIsOfNoUse(String status) throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(json -> json.put("status", status)));

        assertLeft(order.url(), resume(account, order.url()));
    }

    @Test
    void makesOneNewOrderAndNoMore() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(json -> json.put("status", "deactivated")), 9);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> resume(account, url))
                .withMessageContaining("deactivated")
                .matches(e -> e.advice() == Advice.NEW_ORDER);
        assertThat(ca.orders()).hasSize(2);
    }

    @Test
    void leavesAReadyOrderThatHasExpired() throws IOException {
        Account account = account();
        String url = readyOrder(account, NAME).url();
        time.sleep(Duration.ofDays(8));

        assertLeft(url, resume(account, url));
    }

    @Test
    void completesAnOrderThatDoesNotSayWhenItExpires() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        time.sleep(Duration.ofDays(8));
        ca.fault(Endpoint.ORDER, Fault.json(json -> json.remove("expires")));

        assertFinished(url, resume(account, url));
    }

    @Test
    void leavesAnOrderUnderAnotherProfile() throws IOException {
        Account account = account();
        String url =
                account.createOrder(OrderRequest.of(NAME).profile("classic")).url();

        assertLeft(
                url,
                account.obtain(
                        CertificateRequest.builder(OrderRequest.of(NAME).profile("shortlived"))
                                .resume(url)
                                .build(),
                        solver));
    }

    @Test
    void completesAnOrderUnderTheSameProfile() throws IOException {
        Account account = account();
        String url =
                account.createOrder(OrderRequest.of(NAME).profile("classic")).url();

        assertFinished(
                url,
                account.obtain(
                        CertificateRequest.builder(OrderRequest.of(NAME).profile("classic"))
                                .key(key)
                                .resume(url)
                                .build(),
                        solver));
    }

    @Test
    void leavesAnOrderOfAnotherAccount() throws IOException {
        String url = account().createOrder(OrderRequest.of(NAME)).url();

        assertLeft(url, resume(account(), url));
    }

    @Test
    void refusesTheCertificateOfAnotherKey() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        account.awaitValid(account.finalizeOrder(order, csr(TestClients.newKey(), NAME)), PollingPolicy.DEFAULT);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> resume(account, order.url()))
                .withMessageContaining("another key");
    }

    @Test
    void leavesAFinalizedOrderWhoseKeyIsLost() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        account.awaitValid(account.finalizeOrder(order, csr(key, NAME)), PollingPolicy.DEFAULT);

        assertLeft(order.url(), account.obtain(request(NAME).resume(order.url()).build(), solver));
    }

    @Test
    void leavesAnInvalidOrder() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        ca.makeStatus(url, "invalid");

        assertLeft(url, resume(account, url));
    }

    @Test
    void leavesAnOrderForOtherNames() throws IOException {
        Account account = account();
        String url =
                account.createOrder(OrderRequest.of(NAME, "other.example.test")).url();

        assertLeft(url, resume(account, url));
    }

    @Test
    void leavesAnOrderThatTheCaDoesNotKnow() throws IOException {
        IssuedCertificate issued = resume(account(), ca.directoryUrl().replace("directory", "order/long-gone"));

        assertThat(ca.orders()).containsExactly(issued.orderUrl());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void makesNoNewOrderWhileTheCaCannotSayHowTheOldOneStands(int status) throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        ca.fault(Endpoint.ORDER, Fault.problem(status, "serverInternal", "come back later"), 10);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> resume(account, url))
                .matches(AcmeException::isRetryable);
        assertThat(ca.orders()).containsExactly(url);
    }

    @Test
    void asksAgainForAChallengeThatFailedSoFar() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(json -> json.withObject("/challenges/0")
                        .put("status", "processing")
                        .putObject("error")
                        .put("type", "urn:ietf:params:acme:error:connection")));

        assertFinished(url, resume(account, url));
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(1);
    }

    @Test
    void goesOnWithTheChallengeThatIsUnderWayThoughAnotherSolverComesFirstNow() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(authorization -> authorization
                        .withArray("challenges")
                        .forEach(challenge -> makeProcessing((ObjectNode) challenge))));
        List<Challenge> presented = new ArrayList<>();
        ChallengeSolver preferred = new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return challenge instanceof Dns01;
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity identity) {
                presented.add(challenge);
                return () -> {};
            }
        };
        PollingPolicy brief = PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(2));

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(
                        request(NAME).resume(order.url()).polling(brief).build(), preferred, solver));

        assertThat(presented).isEmpty();
        assertThat(solver.everPresented).hasSize(1);
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    private static void makeProcessing(ObjectNode challenge) {
        if (challenge.path("type").asText().equals("http-01")) {
            challenge.put("status", "processing");
        }
    }
}
