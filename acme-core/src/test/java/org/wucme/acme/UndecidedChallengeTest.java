package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.Endpoint;
import org.wucme.testing.Fault;

/** CAs that leave a challenge that failed undecided, until it is answered once more: RFC 8555 section 8.2. */
class UndecidedChallengeTest extends AtTestCa {

    private static final String[] NAMES = {"a.example.test", "b.example.test", "c.example.test"};

    private Duration waited() {
        return time.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "processing"})
    void areAskedToTryAgain(String status) throws IOException {
        Account account = account();
        ca.leaveUndecided(status, 2);

        IssuedCertificate issued = account.obtain(request(NAMES).build(), solver);

        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        // three answered, three looked at, two answered again
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(8);
        assertThat(waited()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
    }

    @Test
    void areNotAskedTooOften() throws IOException {
        Account account = account();
        ca.leaveUndecided("pending", 1_000);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(request(NAMES[0]).build(), solver))
                .withMessageContaining("the last attempt for a.example.test failed: TestCa was told")
                .matches(e -> e.resumeUrl().equals(ca.orders().get(0)));
        // one answer, then a look and an answer each after 10, 20, 40, 80 and then each 120 seconds
        assertThat(ca.count(Endpoint.CHALLENGE)).isBetween(13L, 17L);
    }

    @Test
    void areLoggedWithTheWordsOfTheCaAtTheFirstRefusal() throws IOException {
        Account account = account();
        ca.leaveUndecided("pending", 3);

        List<String> logged =
                LogCapture.during(() -> account.obtain(request(NAMES[0]).build(), solver));

        assertThat(logged)
                .filteredOn(line -> line.contains("TestCa was told"))
                .singleElement()
                .asString()
                .contains("a.example.test");
    }

    @Test
    void areNotLookedForAtACaThatIsOnlySlow() throws IOException {
        Account account = account();
        ca.pollsUntilReady(8);

        account.obtain(request(NAMES).build(), solver);

        assertThat(waited()).isLessThan(Duration.ofSeconds(10));
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(3);
    }

    @Test
    void thatCannotBeAskedDoNotEndTheWait() throws IOException {
        Account account = account();
        ca.pollsUntilReady(20);
        ca.fault(Endpoint.CHALLENGE, Fault.delay(Duration.ZERO));
        ca.fault(Endpoint.CHALLENGE, Fault.problem(403, "unauthorized", "not to be read"), 10);

        IssuedCertificate issued = account.obtain(request(NAMES[0]).build(), solver);

        assertThat(List.of(issued.chain().leaf())).isEqualTo(ca.certificates());
        ca.clearFaults();
    }
}
