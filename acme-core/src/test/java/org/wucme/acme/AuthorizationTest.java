package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.DnsChallenge;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.challenge.UnknownChallenge;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** Authorizations and challenges, step by step: RFC 8555 section 7.5. */
class AuthorizationTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    private Authorization authorization(Account account, String name) throws IOException {
        Order order = account.createOrder(OrderRequest.of(name));
        return account.fetchAuthorization(order.authorizations().get(0));
    }

    private void editFirstChallenge(Consumer<ObjectNode> edit) {
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(json -> edit.accept((ObjectNode) json.at("/challenges/0"))));
    }

    @Test
    void offersTheChallengesOfAName() throws IOException {
        Authorization authorization = authorization(account(), NAME);

        assertThat(authorization.status()).isEqualTo(AuthorizationStatus.PENDING);
        assertThat(authorization.identifier()).isEqualTo(Identifier.dns(NAME));
        assertThat(authorization.challenges())
                .extracting(Challenge::type)
                .containsExactly("http-01", "tls-alpn-01", "dns-01", "dns-account-01", "dns-persist-01");
        assertThat(authorization.challenge(Http01.class)).get().matches(c -> c.status() == ChallengeStatus.PENDING);
        assertThat(authorization.challenge(TlsAlpn01.class)).isPresent();
        assertThat(authorization.challenge(Dns01.class)).isPresent();
        assertThat(authorization.error()).isEmpty();
    }

    @Test
    void ofAWildcardHasItsStarAgain() throws IOException {
        Authorization authorization = authorization(account(), "*.example.test");

        assertThat(authorization.identifier()).isEqualTo(Identifier.dns("*.example.test"));
        assertThat(authorization.challenges()).hasSize(3).allMatch(DnsChallenge.class::isInstance);
    }

    @Test
    void ofAnAddressOffersNoDns() throws IOException {
        Authorization authorization = authorization(account(), "2001:db8::1");

        assertThat(authorization.identifier()).isEqualTo(Identifier.ip("2001:db8::1"));
        assertThat(authorization.challenge(DnsChallenge.class)).isEmpty();
    }

    @Test
    void canBeGivenUp() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));
        String url = order.authorizations().get(0);

        assertThat(account.deactivateAuthorization(url).status()).isEqualTo(AuthorizationStatus.DEACTIVATED);

        assertThat(account.fetchOrder(order.url()).status()).isEqualTo(OrderStatus.INVALID);
    }

    @Test
    void keepsAChallengeOfAnUnknownTypeAndCanAnswerIt() throws IOException {
        Account account = account();
        editFirstChallenge(challenge -> challenge.put("type", "smoke-01").put("colour", "white"));

        Challenge unknown = authorization(account, NAME).challenges().get(0);

        assertThat(unknown).isInstanceOfSatisfying(UnknownChallenge.class, kept -> {
            assertThat(kept.type()).isEqualTo("smoke-01");
            assertThat(kept.json()).contains("\"colour\"").contains("white");
        });
        account.respond(unknown);
        assertThat(ca.status(unknown.url())).isEqualTo("valid");
    }

    @Test
    void takesAChallengeWithoutAStatusForPending() throws IOException {
        Account account = account();
        editFirstChallenge(challenge -> challenge.remove("status"));

        assertThat(authorization(account, NAME).challenges().get(0).status()).isEqualTo(ChallengeStatus.PENDING);
    }

    @Test
    void answersAChallengeOnce() throws IOException {
        Account account = account();
        Authorization authorization = authorization(account, NAME);

        account.respond(authorization.challenges().get(0));

        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(1);
        assertThat(account.fetchAuthorization(authorization.url()).status()).isEqualTo(AuthorizationStatus.VALID);
    }

    @Test
    void keepsATokenThatCouldLeadOutOfAFolderFromEverySolver() throws IOException {
        Account account = account();
        editFirstChallenge(challenge -> challenge.put("type", "http-01").put("token", "../../etc/passwd"));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(CertificateRequest.of(NAME), solver))
                .withMessageContaining("no way to prove control of " + NAME)
                .withMessageNotContaining("passwd");
        assertThat(solver.everPresented).isEmpty();
    }

    @Test
    void ofAnotherAccountIsRefused() throws IOException {
        String url =
                account().createOrder(OrderRequest.of(NAME)).authorizations().get(0);
        Account stranger = account();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> stranger.fetchAuthorization(url))
                .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
    }
}
