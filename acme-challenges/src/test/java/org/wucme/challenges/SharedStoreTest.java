package org.wucme.challenges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.RecordJournal;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.internal.SlowStore;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.testing.ca.TestCa;

/** Two processes on one store: the order is made by one, and the CA reaches only the other. */
class SharedStoreTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final SlowStore store = new SlowStore();
    private final ChallengeContext context = new ContextOf(store, ChallengeContext.inMemory());
    private final TestCa ca = TestCa.start();
    private final AcmeClient client = AcmeClient.builder(Ca.of(ca.directoryUrl()))
            .trustedRoots(List.of(ca.tlsRoot()))
            .build();

    @AfterEach
    void close() {
        client.close();
        ca.close();
    }

    private record ContextOf(ChallengeStore answers, ChallengeContext other) implements ChallengeContext {

        @Override
        public RecordJournal records() {
            return other.records();
        }

        @Override
        public Optional<Lease> lease(String name, Duration patience) throws IOException {
            return other.lease(name, patience);
        }
    }

    private IssuedCertificate obtain(ChallengeSolver solver, String... names) throws IOException {
        Account account =
                client.register(Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
        List<Identifier> identifiers =
                List.of(names).stream().map(Identifier::of).toList();
        return account.obtain(
                CertificateRequest.builder(identifiers)
                        .challengeContext(context)
                        .build(),
                solver);
    }

    @Test
    void aStandbyAnswersHttp01ForTheProcessThatMadeTheOrder() throws IOException {
        try (Http01Server standby = Http01Server.open(ANY_PORT, new Http01Responder().sharedBy(store))) {
            ca.validateHttp01At(standby.port());
            IssuedCertificate issued = obtain(new Http01Responder(), "a.example.test", "b.example.test", "192.0.2.7");

            assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        }
        assertThat(store.reads()).isNotEmpty();
        assertNothingIsLeft(Http01.TYPE);
    }

    @Test
    void aStandbyAnswersTlsAlpn01ForTheProcessThatMadeTheOrder() throws IOException {
        try (TlsAlpn01Server standby = TlsAlpn01Server.open(ANY_PORT, new TlsAlpn01Responder().sharedBy(store))) {
            ca.validateTlsAlpn01At(standby.port());
            IssuedCertificate issued =
                    obtain(new TlsAlpn01Responder(), "a.example.test", "b.example.test", "192.0.2.7");

            assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        }
        assertNothingIsLeft(TlsAlpn01.TYPE);
    }

    @Test
    void aSecondOrderForTheSameNameIsAnsweredByItsOwnCertificate() throws IOException {
        try (TlsAlpn01Server standby = TlsAlpn01Server.open(ANY_PORT, new TlsAlpn01Responder().sharedBy(store))) {
            ca.validateTlsAlpn01At(standby.port());
            obtain(new TlsAlpn01Responder(), "a.example.test");
            obtain(new TlsAlpn01Responder(), "a.example.test");
        }
        assertThat(ca.certificates()).hasSize(2);
    }

    @Test
    void whatAServerPresentsItselfDoesNotAskTheStore() throws IOException {
        try (Http01Server server = Http01Server.open(ANY_PORT, new Http01Responder().sharedBy(store));
                TlsAlpn01Server tls = TlsAlpn01Server.open(ANY_PORT, new TlsAlpn01Responder().sharedBy(store))) {
            ca.validateHttp01At(server.port()).validateTlsAlpn01At(tls.port());
            obtain(server, "a.example.test");
            obtain(tls, "b.example.test");
        }
        assertThat(store.reads()).isEmpty();
    }

    @Test
    void whatCannotBeSharedIsNotPresented() {
        store.fail(true);
        Http01Responder responder = new Http01Responder();

        assertThatThrownBy(() -> obtain(responder, "a.example.test")).hasMessageContaining("the store is not reached");
    }

    private void assertNothingIsLeft(String type) throws IOException {
        List<String> asked =
                store.reads().stream().flatMap(read -> read.keys().stream()).toList();
        assertThat(store.find(type, asked)).isEmpty();
    }
}
