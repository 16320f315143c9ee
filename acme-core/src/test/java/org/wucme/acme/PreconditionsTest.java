package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;

/** What is checked on this side before an order is made. */
class PreconditionsTest extends AtTestCa {

    private final class CheckedSolver implements ChallengeSolver {

        private final Set<String> types;
        private final @Nullable String problem;
        private final List<Identifier> checked = new ArrayList<>();

        CheckedSolver(@Nullable String problem, String... types) {
            this.problem = problem;
            this.types = Set.of(types);
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return types.contains(challenge.type());
        }

        @Override
        public void check(List<Identifier> identifiers) throws IOException {
            checked.addAll(identifiers);
            if (problem != null) {
                throw new IOException(problem);
            }
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            return solver.present(challenge, identifier, account);
        }
    }

    private void assertNothingOrdered() {
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(ca.orders()).isEmpty();
        assertThat(solver.everPresented).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.example.test", "www.example.test,*.example.test", "*.example.test,192.0.2.1"})
    void aWildcardNeedsASolverForRecords(String names) throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request(names.split(",")).build(), solver))
                .withMessageContainingAll("*.example.test", "dns-01", "http-01");

        assertNothingOrdered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "www.example.test,192.0.2.1"})
    void anAddressIsNotValidatedByARecord(String names) throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(
                        () -> account.obtain(request(names.split(",")).build(), new CheckedSolver(null, Dns01.TYPE)))
                .withMessageContainingAll("http-01", "tls-alpn-01");

        assertNothingOrdered();
    }

    @Test
    void aSolverThatCannotPresentNowIsFoundBeforeTheOrder() throws IOException {
        Account account = account();
        CheckedSolver failing = new CheckedSolver("port 80 is taken", Http01.TYPE);

        assertThatIOException()
                .isThrownBy(() -> account.obtain(
                        request("a.example.test", "b.example.test").build(), failing))
                .withMessage("port 80 is taken");

        assertNothingOrdered();
        assertThat(failing.checked).isEqualTo(identifiers("a.example.test", "b.example.test"));
    }

    @Test
    void theNextSolverIsUsedInThePlaceOfOneThatCannotPresentNow() throws IOException {
        Account account = account();
        CheckedSolver failing = new CheckedSolver("port 80 is taken", Http01.TYPE);
        CheckedSolver other = new CheckedSolver(null, Dns01.TYPE);

        List<String> logged =
                LogCapture.during(() -> account.obtain(request("a.example.test").build(), failing, other));

        assertThat(solver.everPresented).hasOnlyElementsOfType(Dns01.class);
        assertThat(logged).anyMatch(line -> line.contains("port 80 is taken"));
    }

    /** Equal to every other one, as solvers with the same settings may be. */
    private final class EqualSolver implements ChallengeSolver {

        private final boolean isBroken;

        EqualSolver(boolean isBroken) {
            this.isBroken = isBroken;
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return challenge.type().equals("http-01");
        }

        @Override
        public void check(List<Identifier> identifiers) {
            if (isBroken) {
                throw new IllegalStateException("a mistake in a program");
            }
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            return solver.present(challenge, identifier, account);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof EqualSolver;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void theNextSolverIsUsedInThePlaceOfOneWithAMistake() throws IOException {
        Account account = account();

        List<String> logged = LogCapture.during(
                () -> account.obtain(request("a.example.test").build(), new EqualSolver(true), new EqualSolver(false)));

        assertThat(ca.certificates()).hasSize(1);
        assertThat(logged)
                .anySatisfy(line -> assertThat(line).contains("unexpected error"))
                .anySatisfy(line -> assertThat(line).contains("another solver is used", "IllegalStateException"));
    }

    @Test
    void aSolverWithAMistakeIsNoReasonForAnOrder() throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request("a.example.test").build(), new EqualSolver(true)))
                .withMessageContainingAll("unexpected error", "IllegalStateException", "a mistake in a program");

        assertNothingOrdered();
    }

    @Test
    void ofSeveralThatCannotPresentNowEachIsNamed() throws IOException {
        Account account = account();
        CheckedSolver one = new CheckedSolver("port 80 is taken", Http01.TYPE);
        CheckedSolver other = new CheckedSolver("no zone", Dns01.TYPE);

        assertThatThrownBy(() -> account.obtain(request("a.example.test").build(), one, other))
                .hasMessageContainingAll("port 80 is taken", "no zone");

        assertNothingOrdered();
    }

    @Test
    void aSolverIsCheckedForWhatItWouldBeGivenOnly() throws IOException {
        Account account = account();
        CheckedSolver http = new CheckedSolver(null, Http01.TYPE);
        CheckedSolver dns = new CheckedSolver(null, Dns01.TYPE);

        account.obtain(request("a.example.test", "*.example.test").build(), http, dns);

        assertThat(http.checked).isEqualTo(identifiers("a.example.test"));
        assertThat(dns.checked).isEqualTo(identifiers("*.example.test"));
    }

    @Test
    void aSolverForChallengesOfItsOwnIsTrusted() throws IOException {
        Account account = account();

        assertThatThrownBy(() -> account.obtain(request("*.example.test").build(), new CheckedSolver(null, "own-01")))
                .hasMessageContaining("the CA offers");

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(1);
    }

    @Test
    void whatIsValidAlreadyNeedsNoSolver() throws IOException {
        Account account = account();
        ca.ordersReadyAtOnce(true);

        account.obtain(request("*.example.test").build(), List.of());

        assertThat(ca.certificates()).hasSize(1);
    }
}
