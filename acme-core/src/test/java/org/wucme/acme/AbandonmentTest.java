package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.OnionCsr01;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What becomes of the authorizations of an order that failed: RFC 8555 section 7.5.2. */
class AbandonmentTest extends AtTestCa {

    private static final String[] NO_WAY = {"*.a.example.test", "*.b.example.test"};

    /** Wildcards by a type of challenge that the CA does not offer. */
    private final ChallengeSolver otherSolver = new ChallengeSolver() {
        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return identifier.isWildcard() ? challenge instanceof OnionCsr01 : challenge instanceof Http01;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            return solver.present(challenge, identifier, account);
        }
    };

    private void assertNoWay(Account account, String... names) {
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request(names).build(), otherSolver))
                .withMessageContaining("there is no way to prove control");
    }

    @Test
    void nothingIsAnsweredForANameBesideOneThatThereIsNoWayFor() throws IOException {
        assertNoWay(account(), "a.example.test", "b.example.test", "*.example.test");

        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
        assertThat(solver.everPresented).isEmpty();
        assertThat(ca.authorizations()).hasSize(3).extracting(ca::status).containsOnly("deactivated");
    }

    @Test
    void whatIsLeftPendingIsGivenUp() throws IOException {
        assertNoWay(account(), "*.example.test");

        assertThat(ca.status(ca.authorizations().get(0))).isEqualTo("deactivated");
    }

    @Test
    void whatIsValidIsKept() throws IOException {
        ca.reuseAuthorizations(true);
        Account account = account();
        account.obtain(request("www.example.test").build(), solver);
        String valid = ca.authorizations().get(0);

        assertNoWay(account, "www.example.test", "*.example.test");

        assertThat(ca.status(valid)).isEqualTo("valid");
        assertThat(ca.status(ca.authorizations().get(1))).isEqualTo("deactivated");
    }

    @Test
    void aCaThatGivesNothingUpDoesNotHideTheFirstFailure() throws IOException {
        Account account = account();
        ca.fault(Endpoint.AUTHORIZATION, Fault.delay(Duration.ZERO));
        ca.fault(Endpoint.AUTHORIZATION, Fault.problem(501, "notImplemented", "no"), 100);

        assertNoWay(account, "*.example.test");

        assertThat(ca.status(ca.authorizations().get(0))).isEqualTo("pending");
    }

    @Test
    void oneThatCannotBeGivenUpDoesNotKeepTheOthers() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NO_WAY));
        ca.fault(Endpoint.AUTHORIZATION, Fault.problem(403, "unauthorized", "not that one"));

        new Abandonment(account::deactivateAuthorization).giveUp(order.authorizations());

        assertThat(ca.authorizations()).extracting(ca::status).containsExactlyInAnyOrder("pending", "deactivated");
    }

    @Test
    void anOrderThatMayBeResumedStaysAsItIs() throws IOException {
        Account account = account();
        ChallengeSolver failing = new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return true;
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account)
                    throws IOException {
                throw new IOException("port 80 is in use");
            }
        };

        assertThatThrownBy(() -> account.obtain(request("www.example.test").build(), failing))
                .hasMessage("port 80 is in use");
        assertThat(ca.status(ca.authorizations().get(0))).isEqualTo("pending");
    }

    @Test
    void anOrderWhoseCaIsOverloadedStaysAsItIs() throws IOException {
        Account account = account();
        ca.fault(Endpoint.CHALLENGE, Fault.problem(503, "serverInternal", "come back later"), 100);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.obtain(request("www.example.test").build(), solver))
                .matches(AcmeException::isRetryable);
        assertThat(ca.status(ca.authorizations().get(0))).isEqualTo("pending");
    }

    @Test
    void anInterruptIsKept() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NO_WAY));

        Thread.currentThread().interrupt();
        new Abandonment(account::deactivateAuthorization).giveUp(order.authorizations());

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nothingIsDoneForNothing() throws IOException {
        Account account = account();

        new Abandonment(account::deactivateAuthorization).giveUp(List.of());

        assertThat(ca.count()).isZero();
    }
}
