package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.TestCa;

/** The CA really looks for the answers: http-01 over real sockets, in real time. */
class ValidationTest {

    private final TestCa ca = TestCa.start();
    private final AcmeClient client = TestClients.client(ca);
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
    }

    /** Answers wrongly for one name. */
    private ChallengeSolver wrongFor(String name) {
        return new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return server.canSolve(challenge, identifier);
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
                boolean wrong = identifier.value().equals(name);
                return server.present(
                        challenge, identifier, wrong ? new AccountIdentity(account.url(), "wrong") : account);
            }
        };
    }

    @Test
    void provesNamesAndAddressesByHttp01() throws IOException {
        IssuedCertificate issued = TestClients.register(client)
                .obtain(CertificateRequest.of("a.example.test", "b.example.test", "192.0.2.7", "2001:db8::7"), server);

        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrder(
                        Identifier.dns("a.example.test"),
                        Identifier.dns("b.example.test"),
                        Identifier.ip("192.0.2.7"),
                        Identifier.ip("2001:db8::7"));
    }

    @Test
    void namesTheOneThatFailedAndWhyWhileTheOthersAreFine() throws IOException {
        Account account = TestClients.register(client);
        CertificateRequest request = CertificateRequest.of("a.example.test", "bad.example.test", "c.example.test");

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(request, wrongFor("bad.example.test")))
                .withMessageContaining("bad.example.test")
                .withMessageContaining("answered something else")
                .withMessageNotContaining("a.example.test")
                .satisfies(e -> {
                    assertThat(e.failures()).containsOnlyKeys(Identifier.dns("bad.example.test"));
                    assertThat(e.failures().values()).allMatch(why -> why.is(ProblemType.INCORRECT_RESPONSE));
                    assertThat(e.isRetryable()).isFalse();
                });
        assertThat(ca.certificates()).isEmpty();
    }

    @Test
    void saysThatNothingAnswers() throws IOException {
        Account account = TestClients.register(client);
        server.close();

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(CertificateRequest.of("www.example.test"), server))
                .satisfies(e -> assertThat(e.failures().get(Identifier.dns("www.example.test")))
                        .matches(why -> why.is(ProblemType.CONNECTION)));
    }
}
