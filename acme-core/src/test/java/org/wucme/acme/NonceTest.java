package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.Request;

/** Anti-replay nonces: RFC 8555 section 6.5. */
class NonceTest extends AtTestCa {

    @Test
    void comeWithEveryReplySoThatTheyAreFetchedOnce() throws IOException {
        Account account = TestClients.register(client);
        account.fetch();
        account.fetch();

        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(1);
    }

    @Test
    void comeWithRefusalsToo() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(403, "unauthorized", "No"));

        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(account::fetch);
        account.fetch();

        assertThat(ca.count(Endpoint.NEW_NONCE)).isZero();
    }

    @Test
    void ofARefusalForABadOneIsUsedForTheNextTry() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.badNonce(), 3);

        account.fetch();

        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(4);
        assertThat(ca.count(Endpoint.NEW_NONCE)).isZero();
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void areFetchedWhenTheRefusalOfABadOneBringsNone() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.badNonceWithoutNonce(), 3);

        account.fetch();

        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(4);
        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1", "0.2, 2", "0.5, 3", "0.5, 4", "0.9, 5", "0.9, 6"})
    void mayBeRefusedVeryOften(double rate, long seed) throws IOException {
        ca.badNonceRate(rate, seed);
        Account account = account();

        IssuedCertificate issued = account.obtain(
                request("a.example.test", "b.example.test", "c.example.test").build(), solver);
        assertThat(account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED))
                .isTrue();

        assertThat(ca.certificates()).hasSize(1);
        assertThat(ca.orders()).hasSize(1);
    }

    @Test
    void mayAllBeForgotten() throws IOException {
        Account account = account();
        account.obtain(request(RoundTripsTest.names(20).toArray(String[]::new)).build(), solver);
        ca.forgetNonces().clearLog();

        account.fetch();
        account.fetch();

        assertThat(ca.count()).isEqualTo(3);
    }

    @Test
    void areNotRefusedForever() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.badNonce(), 1_000);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .matches(e -> e.problem().is(ProblemType.BAD_NONCE));
        assertThat(ca.count()).isBetween(10L, 250L);
        ca.clearFaults();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bm9uY2U=", "no nonce", "a+b/c"})
    void thatAreNotBase64UrlAreIgnored(String nonce) throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.header("Replay-Nonce", nonce));

        account.fetch();
        account.fetch();

        assertThat(ca.log()).noneMatch(seen -> "badNonce".equals(seen.problemType()));
        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(1);
    }

    @Test
    void areFetchedAgainWhenFetchingFails() throws IOException {
        ca.fault(Endpoint.NEW_NONCE, Fault.problem(503, "serverInternal", "busy"));
        ca.fault(Endpoint.NEW_NONCE, Fault.resetBefore());

        TestClients.register(client);

        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(3);
        assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isEqualTo(1);
    }

    @Test
    void thatNeverComeAreToldClearly() {
        ca.fault(Endpoint.NEW_NONCE, Fault.noNonce());

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> TestClients.register(client))
                .withMessageContaining("nonce")
                .withMessageContaining("/new-nonce");
    }

    @Test
    void outliveARestAsLongAsTheyMayBeGood() throws IOException {
        Account account = account();
        account.obtain(request(RoundTripsTest.names(16).toArray(String[]::new)).build(), solver);
        ca.clearLog();
        time.sleep(Duration.ofMinutes(9));

        account.obtain(request(RoundTripsTest.names(16).toArray(String[]::new)).build(), solver);

        assertThat(ca.count(Endpoint.NEW_NONCE)).isZero();
        assertThat(ca.log()).noneMatch(seen -> "badNonce".equals(seen.problemType()));
    }

    @Test
    void areAllAskedForBeforeTheyAreNeededAfterALongRest() throws IOException {
        Account account = account();
        account.obtain(request(RoundTripsTest.names(16).toArray(String[]::new)).build(), solver);
        ca.clearLog().latency(Duration.ofMillis(100));
        time.sleep(Duration.ofMinutes(11));

        account.obtain(request(RoundTripsTest.names(16).toArray(String[]::new)).build(), solver);

        Request newOrder = requests(Endpoint.NEW_ORDER).get(0);
        assertThat(requests(Endpoint.NEW_NONCE))
                .hasSize(16)
                .allMatch(request -> request.startNanos() < newOrder.endNanos());
        assertThat(ca.log()).noneMatch(seen -> "badNonce".equals(seen.problemType()));
    }

    private List<Request> requests(Endpoint endpoint) {
        return ca.log().stream()
                .filter(request -> request.endpoint() == endpoint)
                .toList();
    }

    @Test
    void thatTheCaHasForgottenCostOneRequestMore() throws IOException {
        Account account = account();
        ca.forgetNonces();

        account.obtain(request("www.example.test").build(), solver);

        // order, authorization, challenge, order ready, finalize, order valid, certificate
        assertThat(ca.count()).isEqualTo(7 + 1);
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void areDroppedAfterALongRest() throws IOException {
        Account account = account();
        time.sleep(Duration.ofMinutes(11));

        account.fetch();

        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(1);
    }

    @Test
    void thatWereAskedForAheadAreDroppedAfterALongRestToo() throws IOException {
        Account account = account();
        ca.block("blocked.test");
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("a.test", "b.test", "blocked.test")));
        time.sleep(Duration.ofMinutes(11));
        ca.forgetNonces();

        account.fetch();

        assertThat(ca.log()).noneMatch(seen -> "badNonce".equals(seen.problemType()));
    }

    @Test
    void areNoPartOfAnyMessage() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.badNonce(), 1_000);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .satisfies(e -> assertThat(ca.signedBodies())
                        .noneMatch(body -> String.valueOf(e.getMessage()).contains(body)));
        ca.clearFaults();
    }
}
