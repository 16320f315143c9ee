package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Orders, step by step: RFC 8555 section 7.4. */
class OrderTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    private static final String DELEGATION = "https://owner.example/delegation/1";

    OrderTest() {
        super(TestCa.builder()
                .profile("classic", "90 days")
                .profile("shortlived", "6 days")
                .delegation(DELEGATION));
    }

    @Test
    void asksForNamesAndAddresses() throws IOException {
        Order order = account().createOrder(OrderRequest.of(NAME, "*.example.test", "192.0.2.1", "2001:DB8:0:0::1"));

        assertThat(ca.orders()).containsExactly(order.url());
        assertThat(order.status()).isEqualTo(OrderStatus.PENDING);
        assertThat(order.identifiers())
                .containsExactly(
                        Identifier.dns(NAME),
                        Identifier.dns("*.example.test"),
                        new Identifier("ip", "192.0.2.1"),
                        new Identifier("ip", "2001:db8::1"));
        assertThat(order.authorizations()).containsExactlyElementsOf(ca.authorizations());
        assertThat(order.expires()).isAfter(time.instant());
        assertThat(order.certificateUrl()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "pending, PENDING",
        "ready, READY",
        "processing, PROCESSING",
        "valid, VALID",
        "invalid, INVALID",
        "frozen, UNKNOWN"
    })
    void isFetchedByItsUrlInWhateverState(String state, OrderStatus expected) throws IOException {
        KeyPair key = TestClients.newKey();
        String accountUrl =
                client.register(Registration.with(key).agreeToTerms()).url();
        String url = client.account(accountUrl, key)
                .createOrder(OrderRequest.of(NAME))
                .url();
        ca.makeStatus(url, state);

        try (AcmeClient other = clientBuilder().build()) {
            Order order = other.account(accountUrl, key).fetchOrder(url);

            assertThat(order.status()).isEqualTo(expected);
            assertThat(order.url()).isEqualTo(url);
            assertThat(order.identifiers()).containsExactly(Identifier.dns(NAME));
        }
    }

    @Test
    void asksForAProfile() throws IOException {
        Order order = account().createOrder(OrderRequest.of(NAME).profile("shortlived"));

        assertThat(order.profile()).isEqualTo("shortlived");
    }

    @Test
    void refusesAProfileThatTheCaDoesNotAdvertiseAndNamesThoseItHas() throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).profile("tlsclient")))
                .withMessageContaining("tlsclient")
                .withMessageContaining("classic")
                .withMessageContaining("shortlived");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void saysThatTheCaDroppedAProfileMeanwhile() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "invalidProfile", "no more classic"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).profile("classic")))
                .matches(e -> e.problem().is(ProblemType.INVALID_PROFILE));
    }

    @Test
    void asksForAPreferredProfileThatTheCaAdvertises() throws IOException {
        assertThat(account()
                        .createOrder(OrderRequest.of(NAME).preferredProfile("shortlived"))
                        .profile())
                .isEqualTo("shortlived");
    }

    @Test
    void doesNotAskForAPreferredProfileThatTheCaDoesNotAdvertise() throws IOException {
        Order order = account().createOrder(OrderRequest.of(NAME).preferredProfile("tlsclient"));

        assertThat(order.profile()).isNull();
        assertThat(ca.payloads(Endpoint.NEW_ORDER)).singleElement().asString().doesNotContain("tlsclient");
    }

    @Test
    void leavesAPreferredProfileOutThatTheCaDroppedMeanwhile() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "invalidProfile", "no more classic"));

        Order order = account.createOrder(OrderRequest.of(NAME).preferredProfile("classic"));

        assertThat(order.profile()).isNull();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void saysWhenTheCertificateIsToBeValid() throws IOException {
        Instant from = time.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(7));
        Instant until = from.plus(Duration.ofDays(10));
        OrderRequest asked = OrderRequest.of(NAME).notBefore(from).notAfter(until);

        Account account = account();
        IssuedCertificate issued =
                account.obtain(CertificateRequest.builder(asked).build(), solver);
        Order order = account.fetchOrder(issued.orderUrl());

        assertThat(order.notBefore()).isEqualTo(from);
        assertThat(order.notAfter()).isEqualTo(until);
        assertThat(issued.chain().leaf().getNotBefore().toInstant()).isEqualTo(from);
        assertThat(issued.chain().leaf().getNotAfter().toInstant()).isEqualTo(until);
    }

    @Test
    void needsNoProofUnderADelegation() throws IOException {
        Account account = account();
        OrderRequest asked = OrderRequest.of(NAME).delegation(DELEGATION);

        Order order = account.createOrder(asked);
        account.obtain(CertificateRequest.builder(asked).build(), solver);

        assertThat(order.delegation()).isEqualTo(DELEGATION);
        assertThat(order.authorizations()).isEmpty();
        assertThat(order.status()).isEqualTo(OrderStatus.READY);
        assertThat(solver.everPresented).isEmpty();
    }

    @Test
    void isRefusedUnderADelegationThatIsUnknown() throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).delegation("https://owner.example/2")))
                .matches(e -> e.problem().is(ProblemType.UNKNOWN_DELEGATION));
    }

    @Test
    void isNotMadeUnderADelegationAtACaThatHasNone() throws IOException {
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.withObject("/meta").remove("delegation-enabled")));
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).delegation(DELEGATION)))
                .withMessageContaining("RFC 9115");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void mayBeForIdentifiersOfAnyType() throws IOException {
        Account account = account();
        Identifier device = new Identifier("permanent-identifier", "serial 1");

        Order order = account.createOrder(OrderRequest.of(List.of(device)));

        assertThat(order.identifiers()).containsExactly(device);
        assertThat(ca.payloads(Endpoint.NEW_ORDER))
                .singleElement()
                .asString()
                .contains("\"permanent-identifier\"")
                .contains("\"serial 1\"");
    }

    @Test
    void namesEachIdentifierThatTheCaRejects() throws IOException {
        Account account = account();
        ca.block("bad.test").block("worse.test");

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("www.bad.test", NAME, "worse.test")))
                .withMessageContaining("www.bad.test: Blocked by policy")
                .withMessageContaining("worse.test: Blocked by policy")
                .satisfies(e -> {
                    assertThat(e.problem().is(ProblemType.REJECTED_IDENTIFIER)).isTrue();
                    assertThat(e.problem().subproblems())
                            .extracting(Problem::identifier)
                            .containsExactly(Identifier.dns("www.bad.test"), Identifier.dns("worse.test"));
                });
    }

    @Test
    void isNotFinalizedBeforeItIsReady() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.finalizeOrder(order, csr(TestClients.newKey(), NAME)))
                .matches(e -> e.problem().is(ProblemType.ORDER_NOT_READY));
        assertThat(ca.status(order.url())).isEqualTo("pending");
    }

    @Test
    void staysReadyAfterABadRequestAndTakesABetterOne() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        KeyPair key = TestClients.newKey();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.finalizeOrder(order, csr(key, "other.example.test")))
                .withMessageContaining("other.example.test")
                .matches(e -> e.problem().is(ProblemType.BAD_CSR));

        account.awaitValid(account.finalizeOrder(order, csr(key, NAME)), PollingPolicy.DEFAULT);
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void isValidAtOnceWithoutAFurtherLookWhenTheCaSaysSo() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        ca.finalizeAtOnce(true).clearLog();

        Order finalized = account.finalizeOrder(order, csr(TestClients.newKey(), NAME));
        Order valid = account.awaitValid(finalized, PollingPolicy.DEFAULT);

        assertThat(finalized.status()).isEqualTo(OrderStatus.VALID);
        assertThat(valid).isEqualTo(finalized);
        assertThat(ca.count(Endpoint.ORDER)).isZero();
    }

    @Test
    void isLookedAtUntilProcessingEnds() throws IOException {
        ca.pollsUntilValid(3);
        Account account = account();
        Order order = readyOrder(account, NAME);
        ca.clearLog();

        Order finalized = account.finalizeOrder(order, csr(TestClients.newKey(), NAME));
        Order valid = account.awaitValid(finalized, PollingPolicy.DEFAULT);

        assertThat(finalized.status()).isEqualTo(OrderStatus.PROCESSING);
        assertThat(valid.certificateUrl()).isNotNull();
        assertThat(ca.count(Endpoint.ORDER)).isEqualTo(4);
    }

    @Test
    void saysWhyTheCaDidNotIssue() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        ca.issuanceFails("caa");

        Order finalized = account.finalizeOrder(order, csr(TestClients.newKey(), NAME));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.awaitValid(finalized, PollingPolicy.DEFAULT))
                .withMessageContaining("TestCa was told not to issue")
                .matches(e -> e.problem().is(ProblemType.CAA));
    }

    @Test
    void hasNoCertificateBeforeItIsValid() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.downloadCertificate(order))
                .withMessageContaining("pending");
    }

    @Test
    void aChallengeThatWasAnsweredAfterAllIsNoFailure() throws IOException {
        Account account = account();
        Challenge challenge = challenge(account);
        ca.fault(Endpoint.CHALLENGE, Fault.resetAfter());
        ca.fault(Endpoint.CHALLENGE, Fault.json(seen -> seen.put("status", "pending")));
        ca.fault(Endpoint.CHALLENGE, Fault.problem(400, "malformed", "it is not pending"));

        assertThat(account.respond(challenge).challenge().status()).isEqualTo(ChallengeStatus.VALID);
    }

    @Test
    void aRefusalOfAnAnswerIsReportedIfTheChallengeIsStillPending() throws IOException {
        Account account = account();
        Challenge challenge = challenge(account);
        ca.fault(Endpoint.CHALLENGE, Fault.resetBefore());
        ca.fault(Endpoint.CHALLENGE, Fault.header("X-Looked", "pending"));
        ca.fault(Endpoint.CHALLENGE, Fault.problem(400, "malformed", "not like that"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.respond(challenge))
                .withMessageContaining("not like that");
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(4);
    }

    private static Challenge challenge(Account account) throws IOException {
        Order order = account.createOrder(OrderRequest.of("www.example.test"));
        return account.fetchAuthorization(order.authorizations().get(0))
                .challenges()
                .get(0);
    }

    @Test
    void theCasWishForTimeCountsBeforeAnOrderIsLookedAt() throws IOException {
        Account account = account();
        Order order = readyOrder(account, "www.example.test");
        int before = time.sleeps().size();
        ca.fault(Endpoint.FINALIZE, Fault.status(502, "text/html", "<html>", "Retry-After", "7"));

        account.finalizeOrder(order, csr(TestClients.newKey(), "www.example.test"));

        assertThat(time.sleeps().subList(before, time.sleeps().size())).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void theAccountsKeyIsNoCertificatesKey() throws IOException {
        KeyPair key = TestClients.newKey();
        Account account = client.register(Registration.with(key).agreeToTerms());
        Order order = readyOrder(account, "www.example.test");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.finalizeOrder(order, csr(key, "www.example.test")))
                .withMessageContaining("account's key");
        assertThat(ca.count(Endpoint.FINALIZE)).isZero();
    }
}
