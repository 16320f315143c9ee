package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** The whole cycle against a CA that we did not write: strict, refusing 15 % of good nonces, validating for real. */
@RequiresPebble
class PebbleIssuanceIT {

    private static final int CHAINS = 3;

    private static Pebble pebble;
    private static Http01Server server;

    private final KeyPair key = TestClients.newKey();
    private AcmeClient client;
    private Account account;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start(Pebble.options().alternateRoots(CHAINS - 1));
        server = Http01Server.start(pebble.httpPort());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        pebble.close();
    }

    @BeforeEach
    void register() throws IOException {
        client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build();
        account = client.register(
                Registration.with(key).contact("mailto:hostmaster@example.test").agreeToTerms());
    }

    @AfterEach
    void leaveNothingBehind() {
        client.close();
        assertThat(server.answers()).isEmpty();
    }

    private void assertTrusted(CertificateChain chain, X509Certificate root) {
        List<X509Certificate> certificates = chain.certificates();
        assertThatCode(() -> certificates.get(certificates.size() - 1).verify(root.getPublicKey()))
                .doesNotThrowAnyException();
    }

    @Test
    void issuesForOneName() throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of("one.example.test"), server);

        assertThat(issued.chain().identifiers()).containsExactly(Identifier.dns("one.example.test"));
        assertTrusted(issued.chain(), pebble.issuerRoot());
    }

    @Test
    void issuesForThreeNames() throws IOException {
        IssuedCertificate issued = account.obtain(
                CertificateRequest.of("a.example.test", "b.example.test", "bücher.example.test"), server);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrder(
                        Identifier.dns("a.example.test"),
                        Identifier.dns("b.example.test"),
                        Identifier.dns("xn--bcher-kva.example.test"));
    }

    @Test
    void issuesForAnAddress() throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of("127.0.0.1", "with.example.test"), server);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrder(Identifier.ip("127.0.0.1"), Identifier.dns("with.example.test"));
    }

    @Test
    void saysThatAWildcardCannotBeProvenByHttp() {
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(CertificateRequest.of("*.example.test"), server))
                .withMessageContaining("dns-01");
    }

    @Test
    void offersEveryChain() throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of("chains.example.test"), server);

        List<CertificateChain> chains = account.downloadCertificates(account.fetchOrder(issued.orderUrl()));

        assertThat(chains).hasSize(CHAINS);
        for (int i = 0; i < CHAINS; i++) {
            assertThat(chains.get(i).leaf()).isEqualTo(issued.chain().leaf());
            assertTrusted(chains.get(i), pebble.issuerRoot(i));
        }
    }

    @Test
    void resumesAnOrderByItsUrl() throws IOException {
        Order begun = account.createOrder(OrderRequest.of("resume.example.test"));

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(begun.identifiers())
                        .resume(begun.url())
                        .build(),
                server);

        assertThat(issued.orderUrl()).isEqualTo(begun.url());
    }

    @Test
    void goesStepByStep() throws IOException {
        Order order = account.createOrder(OrderRequest.of("step.example.test"));
        Http01 challenge = account.fetchAuthorization(order.authorizations().get(0))
                .challenge(Http01.class)
                .orElseThrow();
        try (Presented presented = server.present(challenge, order.identifiers().get(0), account.identity())) {
            presented.awaitVisible(Deadline.after(PollingPolicy.DEFAULT.timeout()));
            account.respond(challenge);
            order = account.awaitReady(order, PollingPolicy.DEFAULT);
        }
        order = account.finalizeOrder(order, AtTestCa.csr(TestClients.newKey(), "step.example.test"));
        order = account.awaitValid(order, PollingPolicy.DEFAULT);

        assertThat(account.downloadCertificate(order).identifiers())
                .containsExactly(Identifier.dns("step.example.test"));
    }

    @Test
    void saysWhichNameFailedAndWhy() {
        ChallengeSolver wrongForOne = new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return server.canSolve(challenge, identifier);
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
                boolean wrong = identifier.value().startsWith("bad");
                return server.present(
                        challenge, identifier, wrong ? new AccountIdentity(account.url(), "wrong") : account);
            }
        };

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() ->
                        account.obtain(CertificateRequest.of("good.example.test", "bad.example.test"), wrongForOne))
                .satisfies(e -> assertThat(e.failures()).containsOnlyKeys(Identifier.dns("bad.example.test")));
    }

    @Test
    void revokesOnceAndSaysSoTheSecondTime() throws IOException {
        X509Certificate leaf = account.obtain(CertificateRequest.of("revoke.example.test"), server)
                .chain()
                .leaf();

        assertThat(account.revoke(leaf, RevocationReason.SUPERSEDED)).isTrue();
        assertThat(account.revoke(leaf, RevocationReason.SUPERSEDED)).isFalse();
    }

    @Test
    void revokesByTheCertificatesKey() throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of("lost.example.test"), server);

        assertThat(client.revoke(
                        issued.chain().leaf(), Objects.requireNonNull(issued.key()), RevocationReason.KEY_COMPROMISE))
                .isTrue();
    }

    @Test
    void findsUpdatesAndDeactivatesAnAccount() throws IOException {
        assertThat(client.findAccount(key)).map(Account::url).contains(account.url());
        assertThat(client.findAccount(TestClients.newKey())).isEmpty();
        assertThat(account.updateContacts(List.of("mailto:new@example.test")).contacts())
                .containsExactly("mailto:new@example.test");
        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("late.example.test")));
    }
}
