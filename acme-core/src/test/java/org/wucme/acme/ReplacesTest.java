package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.pki.CertificateId;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Orders that say which certificate they replace: RFC 9773 section 5. */
class ReplacesTest extends AtTestCa {

    private static final String NAME = "www.example.test";
    private static final String PREDECESSOR = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE";
    private static final OrderRequest REPLACING = OrderRequest.of(NAME).replaces(new CertificateId(PREDECESSOR));

    ReplacesTest() {
        super(TestCa.builder().profile("classic", "90 days"));
    }

    private String issuedBefore(Account account) throws IOException {
        String id = TestCa.renewalId(
                account.obtain(CertificateRequest.of(NAME), solver).chain().leaf());
        ca.clearLog();
        return id;
    }

    private List<Boolean> saidReplaces() {
        return ca.payloads(Endpoint.NEW_ORDER).stream()
                .map(payload -> payload.contains("\"replaces\""))
                .toList();
    }

    @Test
    void thePredecessorIsTold() throws IOException {
        Account account = account();
        String predecessor = issuedBefore(account);

        Order order = account.createOrder(OrderRequest.of(NAME).replaces(new CertificateId(predecessor)));

        assertThat(order.replaces()).isEqualTo(predecessor);
        assertThat(ca.payloads(Endpoint.NEW_ORDER)).singleElement().asString().contains(predecessor);
    }

    @Test
    void aCertificateThatWasReplacedIsRenewedAllTheSame() throws IOException {
        Account account = account();
        CertificateRequest renewal = CertificateRequest.builder(
                        OrderRequest.of(NAME).replaces(new CertificateId(issuedBefore(account))))
                .build();

        account.obtain(renewal, solver);
        assertThat(saidReplaces()).containsExactly(true);
        ca.clearLog();
        account.obtain(renewal, solver);

        assertThat(saidReplaces()).containsExactly(true, false);
        assertThat(ca.certificates()).hasSize(3);
    }

    @Test
    void aCertificateThatTheCaDoesNotKnowIsNoPredecessor() throws IOException {
        Account account = account();
        String predecessor = issuedBefore(account);
        String unknown = predecessor.substring(0, predecessor.indexOf('.')) + ".AIdlQyE";

        Order order = account.createOrder(OrderRequest.of(NAME).replaces(new CertificateId(unknown)));

        assertThat(order.replaces()).isNull();
        assertThat(saidReplaces()).containsExactly(true, false);
    }

    @Test
    void theCertificateOfAnotherAccountIsNoPredecessor() throws IOException {
        String predecessor = issuedBefore(account());

        Order order = account().createOrder(OrderRequest.of(NAME).replaces(new CertificateId(predecessor)));

        assertThat(order.replaces()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "409, alreadyReplaced",
        "409, conflict",
        "409, somethingNew",
        "400, malformed",
        "404, malformed",
        "403, unauthorized"
    })
    void anOrderIsCreatedWithoutThePredecessorThatIsRefused(int status, String type) throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(status, type, "not this one"));

        Order order = account.createOrder(REPLACING);

        assertThat(order.replaces()).isNull();
        assertThat(saidReplaces()).containsExactly(true, false);
    }

    @Test
    void aPredecessorOverWhichTheCaStumblesIsDropped() throws IOException {
        Account account = account();
        int tries = 1 + RetryPolicy.DEFAULT.retries();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(500, "serverInternal", "no such serial"), tries);

        Order order = account.createOrder(REPLACING);

        assertThat(order.replaces()).isNull();
        assertThat(saidReplaces()).hasSize(tries + 1).endsWith(true, false);
    }

    @Test
    void aRefusalThatHasAnotherCauseIsNotHidden() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "malformed", "no such predecessor"));
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "malformed", "bad names"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(REPLACING))
                .withMessageContaining("bad names");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"400, rejectedIdentifier", "429, rateLimited", "403, userActionRequired"})
    void aRefusalThatCannotBeMeantForThePredecessorIsFinal(int status, String type) throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(status, type, "no"));

        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(() -> account.createOrder(REPLACING));
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(1);
    }

    @Test
    void aPreferredProfileAndThePredecessorAreDroppedOneByOne() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(409, "alreadyReplaced", "no"));
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "invalidProfile", "no"));

        account.createOrder(REPLACING.preferredProfile("classic"));

        assertThat(saidReplaces()).containsExactly(true, false, false);
        assertThat(ca.payloads(Endpoint.NEW_ORDER))
                .extracting(payload -> payload.contains("classic"))
                .containsExactly(true, true, false);
    }

    @Test
    void aCaWithoutRenewalInformationIsNotToldOfAPredecessor() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.remove("renewalInfo")));

        account().createOrder(REPLACING);

        assertThat(saidReplaces()).containsExactly(false);
    }

    @Test
    void aCaMayPassOverThePredecessor() throws IOException {
        Account account = account();
        String predecessor = issuedBefore(account);
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.remove("replaces")));

        assertThat(account.createOrder(OrderRequest.of(NAME).replaces(new CertificateId(predecessor)))
                        .replaces())
                .isNull();
    }

    @Test
    void aCaMustNotReplaceAnotherCertificate() throws IOException {
        Account account = account();
        String predecessor = issuedBefore(account);
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.put("replaces", "AAAA.BBBB")));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).replaces(new CertificateId(predecessor))))
                .withMessageContaining("AAAA.BBBB")
                .withMessageContaining(predecessor);
    }

    @Test
    void anOrderThatReplacesThoughNothingWasSaidOfItIsTakenAndLogged() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.put("replaces", "AAAA.BBBB\n")));

        List<String> logged = LogCapture.during(() -> account.createOrder(OrderRequest.of(NAME)));

        assertThat(logged).anyMatch(line -> line.contains("AAAA.BBBB") && !line.contains("\n"));
    }

    @Test
    void anEarlierOrderThatReplacesWhatWasAskedForAtFirstIsTaken() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(409, "alreadyReplaced", "by an order that is pending"));
        ca.fault(Endpoint.NEW_ORDER, Fault.json(order -> order.put("replaces", PREDECESSOR)));

        Order order = account.createOrder(REPLACING);

        assertThat(order.replaces()).isEqualTo(PREDECESSOR);
        assertThat(saidReplaces()).containsExactly(true, false);
    }

    @Test
    void thePredecessorIsKeptWhenTheCaIsOnlyBusy() throws IOException {
        Account account = account();
        int tries = 1 + RetryPolicy.DEFAULT.retries();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(503, "serverInternal", "busy"), tries);

        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(() -> account.createOrder(REPLACING));
        assertThat(saidReplaces()).hasSize(tries).containsOnly(true);
    }

    @Test
    void thePredecessorIsKeptWhenTheCaWantsToBeAskedLater() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(500, "serverInternal", "busy", "Retry-After", "86400"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(REPLACING))
                .matches(e -> e.retryAt().isPresent());
        assertThat(saidReplaces()).containsExactly(true);
    }
}
