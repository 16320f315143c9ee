package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

/**
 * A client at a {@link TestCa} that takes every challenge for met, both on a clock that moves only when somebody sleeps.
 * Whatever a test does, no signed body may be sent twice and no answer to a challenge may stay behind.
 */
abstract class AtTestCa {

    /** Where the requests of {@link #issueAndRevokeOnce} go. */
    static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.DIRECTORY,
            Endpoint.NEW_NONCE,
            Endpoint.NEW_ACCOUNT,
            Endpoint.NEW_ORDER,
            Endpoint.AUTHORIZATION,
            Endpoint.CHALLENGE,
            Endpoint.ORDER,
            Endpoint.FINALIZE,
            Endpoint.CERTIFICATE,
            Endpoint.REVOKE);

    final FakeTime time = FakeTime.now();
    final TestCa ca;
    final AcmeClient client;
    final SilentSolver solver = new SilentSolver();

    AtTestCa() {
        this(TestCa.builder());
    }

    AtTestCa(TestCa.Builder builder) {
        ca = builder.clock(time).start().alwaysValid(true);
        client = clientBuilder().build();
    }

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        client.close();
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(solver.visible).isEmpty();
    }

    AcmeClient.Builder clientBuilder() {
        return TestClients.builder(ca).clock(time).sleeper(time);
    }

    /** A new account at the CA; the log begins after it. */
    Account account() throws IOException {
        Account account = TestClients.register(client);
        ca.clearLog();
        return account;
    }

    static CertificateRequest.Builder request(String... names) {
        return CertificateRequest.builder(identifiers(names));
    }

    static List<Identifier> identifiers(String... names) {
        return Arrays.stream(names).map(Identifier::of).toList();
    }

    static CertificateSigningRequest csr(KeyPair key, String... names) {
        return CertificateSigningRequest.of(identifiers(names), key);
    }

    /** Brings a new order to where it can be finalized, step by step. */
    static Order readyOrder(Account account, String... names) throws IOException {
        Order order = account.createOrder(OrderRequest.of(names));
        for (String url : order.authorizations()) {
            Authorization authorization = account.fetchAuthorization(url);
            account.respond(authorization.challenges().get(0));
        }
        return account.awaitReady(order, PollingPolicy.DEFAULT);
    }

    /** Goes all the way from a new account to a revoked certificate; of each there may be only one in the end. */
    void issueAndRevokeOnce(int names) throws IOException {
        issueAndRevokeOnce(client, names);
    }

    /** The same by another client. */
    void issueAndRevokeOnce(AcmeClient client, int names) throws IOException {
        Account account = TestClients.register(client);
        IssuedCertificate issued = account.obtain(
                request(RoundTripsTest.names(names).toArray(String[]::new)).build(), solver);
        account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED);

        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        assertThat(ca.isRevoked(issued.chain().leaf())).isTrue();
    }
}
