package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What CAs leave out or write oddly does not cost a certificate, and least of all one that was issued already. */
class LeniencyTest extends AtTestCa {

    private static final int ALWAYS = 10_000;
    private static final String NAME = "www.example.test";
    private static final CertificateRequest REQUEST = CertificateRequest.of(NAME);

    private void alwaysInOrders(Consumer<ObjectNode> edit) {
        for (Endpoint endpoint : List.of(Endpoint.NEW_ORDER, Endpoint.ORDER, Endpoint.FINALIZE)) {
            ca.fault(endpoint, Fault.json(edit), ALWAYS);
        }
    }

    private void assertObtainedOnce(Account account) throws IOException {
        IssuedCertificate issued = account.obtain(REQUEST, solver);

        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
    }

    private static boolean is(ObjectNode order, String status) {
        return order.path("status").asText().equals(status);
    }

    @Test
    void anOrderThatIsReadyNeedsNoAuthorizations() throws IOException {
        alwaysInOrders(order -> {
            if (!is(order, "pending")) {
                order.putNull("authorizations").put("replaces", "");
            }
        });

        assertObtainedOnce(account());
    }

    @Test
    void anOrderThatIsReadyFromTheStartNeedsNoAuthorizations() throws IOException {
        ca.ordersReadyAtOnce(true);
        alwaysInOrders(order -> order.putNull("authorizations"));

        assertObtainedOnce(account());
    }

    @Test
    void anOrderThatIsValidNeedsOnlyItsCertificate() throws IOException {
        alwaysInOrders(order -> {
            if (is(order, "valid")) {
                order.set("identififiers", order.remove("identifiers"));
                order.remove(List.of("finalize", "authorizations", "expires"));
            }
        });

        assertObtainedOnce(account());
    }

    @Test
    void anOrderThatIsIssuedNeedsNoKnownStatus() throws IOException {
        alwaysInOrders(order -> {
            if (is(order, "valid")) {
                order.set("statuss", order.remove("status"));
            }
        });

        assertObtainedOnce(account());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "soon", "2026-12-07 10:00:00", "0001-01-01T00:00:00"})
    void whenAnOrderExpiresNeedNotBeSaidWell(String expires) throws IOException {
        alwaysInOrders(order -> order.put("expires", expires));

        assertObtainedOnce(account());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PENDING", "Pending", ""})
    void theStatusOfANewOrderNeedNotBeSaidWell(String status) throws IOException {
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.put("status", status)));

        assertObtainedOnce(account());
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "identifiers", "authorizations", "finalize", "expires"})
    void aNewOrderMayLackWhatItSaysLater(String member) throws IOException {
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.remove(member)));

        assertObtainedOnce(account());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identifiers", "authorizations", "finalize", "expires"})
    void anOrderNeedNotSayAgainWhatItSaidBefore(String member) throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDER, Fault.json(order -> order.remove(member)), ALWAYS);

        assertObtainedOnce(account);
    }

    @Test
    void anOrderWithoutAPlaceToFinalizeItSaysSo() throws IOException {
        Account account = account();
        alwaysInOrders(order -> order.remove("finalize"));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .withMessageContaining("/order/")
                .withMessageContaining("finalized");
    }

    @Test
    void theNamesOfAnOrderMayBeSpeltOtherwise() throws IOException {
        alwaysInOrders(order ->
                order.putArray("identifiers").addObject().put("type", "DNS").put("value", "WWW.Example.Test."));

        assertObtainedOnce(account());
    }

    @Test
    void aDirectoryNeedsOnlyWhatIsUsed() throws IOException {
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.retain("newNonce", "newAccount", "newOrder")),
                ALWAYS);
        Account account = account();

        IssuedCertificate issued = account.obtain(REQUEST, solver);

        assertThat(ca.certificates()).hasSize(1);
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.revoke(issued.chain().leaf(), RevocationReason.UNSPECIFIED))
                .withMessageContaining("revokeCert");
    }

    @Test
    void aDirectoryWithoutOrdersIsGoodForTheRest() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.putNull("newOrder")), ALWAYS);
        Account account = account();

        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .withMessageContaining("newOrder");
    }

    @Test
    void anOrderThatIsValidAlreadyIsFollowedByAnother() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.json(LeniencyTest::makeValid));

        assertObtainedOnce(account);

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"valid", "processing"})
    void aCaThatHasOnlyOrdersOfOthersIsNotAskedForever(String status) throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.put("status", status)), ALWAYS);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .withMessageContaining(status)
                .matches(e -> e.advice() == Advice.NEW_ORDER);
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(3);
    }

    private static void makeValid(ObjectNode order) {
        order.put("status", "valid").put("certificate", "https://localhost/certificate/of-another");
    }

    @Test
    void anOrderForOtherNamesIsFollowedByAnother() throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.json(order -> order.putArray("identifiers")
                        .addObject()
                        .put("type", "dns")
                        .put("value", "other.example.test")));

        assertObtainedOnce(account);

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void anOrderThatAnotherNodeFinalizedFirstIsFollowedByAnother() throws IOException {
        Account account = account();
        KeyPair key = TestClients.newKey();
        ca.fault(
                Endpoint.FINALIZE,
                Fault.problem(403, "orderNotReady", "it is finalized").meanwhile(() -> finalizeElsewhere(account)));

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(OrderRequest.of(NAME)).key(key).build(), solver);

        assertThat(issued.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
        assertThat(ca.certificates()).hasSize(2);
    }

    private void finalizeElsewhere(Account account) {
        try {
            account.finalizeOrder(account.fetchOrder(ca.orders().get(0)), csr(TestClients.newKey(), NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html>please wait</html>",
                "{",
                "[]",
                "null",
                "\"ok\"",
                "{}",
                "{\"status\":null}",
                "{\"status\":200}",
                "{\"type\":\"about:blank\",\"detail\":\"ok\"}"
            })
    void whatFinalizeIsAnsweredWithNeedNotBeReadable(String body) throws IOException {
        Account account = account();
        ca.fault(Endpoint.FINALIZE, Fault.body("text/html", body), ALWAYS);

        assertObtainedOnce(account);

        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void finalizeMayBeAnsweredWithAnySuccessAndNothingElse(int status) throws IOException {
        Account account = account();
        ca.fault(Endpoint.FINALIZE, Fault.emptyReply(status), ALWAYS);

        assertObtainedOnce(account);
    }

    @ParameterizedTest
    @CsvSource({"NEW_ORDER, 200", "NEW_ORDER, 202", "FINALIZE, 202", "CHALLENGE, 202", "ORDER, 203", "CERTIFICATE, 206"
    })
    void anySuccessIsOne(Endpoint endpoint, int status) throws IOException {
        Account account = account();
        ca.fault(endpoint, Fault.replyStatus(status), ALWAYS);

        assertObtainedOnce(account);
    }

    @Test
    void finalizeThatNeverArrivedIsSentAgain() throws IOException {
        Account account = account();
        ca.fault(Endpoint.FINALIZE, Fault.status(200, "text/html", "<html>captive portal</html>"), 2);

        assertObtainedOnce(account);

        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW_ORDER", "AUTHORIZATION", "CHALLENGE", "ORDER", "FINALIZE", "CERTIFICATE"})
    void aReplyThatCannotBeReadIsFollowedByALook(Endpoint endpoint) throws IOException {
        Account account = account();
        ca.fault(endpoint, Fault.body("text/html", "<html>maintenance</html>"), 2);

        assertObtainedOnce(account);
    }

    @Test
    void whatAChallengeIsAnsweredWithNeedNeverBeReadable() throws IOException {
        Account account = account();
        ca.fault(Endpoint.CHALLENGE, Fault.body("text/html", ""), ALWAYS);

        assertObtainedOnce(account);
    }

    @ParameterizedTest
    @EnumSource(names = {"ORDER", "CERTIFICATE"})
    void whatWasIssuedIsNotLostWhenNothingCanBeRead(Endpoint endpoint) throws IOException {
        Account account = account();
        KeyPair key = TestClients.newKey();
        CertificateRequest.Builder request = request(NAME).key(key);
        ca.ordersReadyAtOnce(true).fault(endpoint, Fault.body("text/html", "<html>maintenance</html>"), ALWAYS);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request.build(), solver))
                .matches(AcmeException::isRetryable);
        ca.clearFaults();
        account.obtain(request.resume(ca.orders().get(0)).build(), solver);

        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void anAuthorizationOfAStatusThatIsNotKnownIsLookedAtAgain() throws IOException {
        Account account = account();
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(authorization -> authorization.put("status", "under-review")), 2);

        assertObtainedOnce(account);
    }

    @Test
    void anAuthorizationWhoseStatusStaysUnknownEndsWithTheTimeAndLosesNothing() throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(authorization -> authorization.put("status", "under-review")),
                ALWAYS);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .matches(e -> e.resumeUrl().equals(ca.orders().get(0)));
        ca.clearFaults();
        account.obtain(request(NAME).resume(ca.orders().get(0)).build(), solver);

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(1);
    }

    @Test
    void theStatusOfAnAuthorizationMayBeMissing() throws IOException {
        Account account = account();
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(authorization -> authorization.remove("status")), ALWAYS);

        assertObtainedOnce(account);
    }

    @Test
    void thePlaceOfTheCertificateMayComeLater() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDER, Fault.json(order -> order.putNull("certificate")), 4);

        assertObtainedOnce(account);
    }

    @Test
    void anOrderThatNeverSaysWhereTheCertificateIsCanBeResumed() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDER, Fault.json(order -> order.put("certificate", "")), ALWAYS);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .withMessageContaining("where the certificate is")
                .matches(e -> e.resumeUrl().equals(ca.orders().get(0)));
        assertThat(ca.count(Endpoint.ORDER)).isLessThan(10);
    }

    @Test
    void aLocationMayBeRelative() throws IOException {
        Account account = account();
        ca.ordersReadyAtOnce(true).finalizeAtOnce(true);
        Order order = account.createOrder(OrderRequest.of(NAME));
        String path = order.url().substring(order.url().indexOf("/order/"));
        ca.fault(Endpoint.NEW_ORDER, Fault.header("Location", path));

        assertThat(account.createOrder(OrderRequest.of(NAME)).url()).isEqualTo(order.url());
    }

    @Test
    void whatCannotBeReadIsLoggedOnceForAClient() throws IOException {
        ca.pollsUntilReady(5).pollsUntilValid(5);
        alwaysInOrders(order -> order.put("expires", "soon").put("notBefore", 7).put("profile", ""));
        Account account = account();

        List<String> logged = LogCapture.during(() -> {
            account.obtain(REQUEST, solver);
            account.obtain(CertificateRequest.of("other.example.test"), solver);
        });

        assertThat(logged).filteredOn(line -> line.contains("\"expires\"")).hasSize(1);
        assertThat(logged).filteredOn(line -> line.contains("\"notBefore\"")).hasSize(1);
        assertThat(logged).noneMatch(line -> line.contains("\"profile\""));
    }

    @Test
    void aChangeWhoseReplyCannotBeReadIsLookedUp() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.body("text/html", ""));

        assertThat(account.updateContacts(List.of("mailto:a@example.test")).contacts())
                .containsExactly("mailto:a@example.test");
    }
}
