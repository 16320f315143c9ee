package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

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
        PollingPolicy patient = PollingPolicy.DEFAULT.withRefusals(1_000, Duration.ZERO);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(
                        () -> account.obtain(request(NAMES[0]).polling(patient).build(), solver))
                .withMessageContaining("the last attempt for a.example.test failed: TestCa was told")
                .matches(e -> e.resumeUrl().equals(ca.orders().get(0)));
        // one answer, then a look and an answer each after 10, 20, 40, 80 and then each 120 seconds
        assertThat(ca.count(Endpoint.CHALLENGE)).isBetween(13L, 17L);
    }

    @Test
    void areNotLookedAtBeforeTheCaWantsItForOneOfThem() throws IOException {
        Account account = account();
        ca.leaveUndecided("pending", 1_000);
        ca.fault(Endpoint.CHALLENGE, Fault.header("Retry-After", "60"));
        PollingPolicy brief = PollingPolicy.DEFAULT.withTimeout(Duration.ofSeconds(50));

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).polling(brief).build(), solver));

        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(NAMES.length);
    }

    @Test
    void areGivenUpForANameThatIsSaid() throws IOException {
        Account account = account();
        leaveUndecided("pending", true);

        List<String> logged = LogCapture.during(() -> assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .withMessageMatching(".*; [abc]\\.example\\.test was given up after \\d+ attempts.*"));

        assertThat(logged)
                .filteredOn(line -> line.contains("failed so far"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("asked to try again", "given up after"));
    }

    @ParameterizedTest
    @CsvSource({"pending, true", "pending, false", "processing, true", "processing, false"})
    void areGivenUpAfterThreeRefusalsOfTheSameKindAndTwoMinutes(String status, boolean isAtOnce) throws IOException {
        Account account = account();
        leaveUndecided(status, isAtOnce);

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(request(NAMES[0]).build(), solver))
                .withMessageContainingAll("a.example.test: TestCa was told", "given up after", "seconds")
                .satisfies(e -> assertThat(e.failures()).containsOnlyKeys(Identifier.dns(NAMES[0])))
                .satisfies(e -> assertThat(e.isRetryable()).isFalse());

        assertThat(waited()).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(150));
        assertThat(ca.status(ca.authorizations().get(0))).isEqualTo("deactivated");
    }

    private void leaveUndecided(String status, boolean isAtOnce) {
        ca.leaveUndecided(status, 1_000);
        if (isAtOnce) {
            ca.repliesAfterValidation();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 5", "1, 30, 30, 40", "5, 0, 70, 175"})
    void areGivenUpAsThePolicySays(int refusals, long seconds, long least, long most) throws IOException {
        Account account = account();
        leaveUndecided("pending", true);
        PollingPolicy policy = PollingPolicy.DEFAULT.withRefusals(refusals, Duration.ofSeconds(seconds));

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(
                        () -> account.obtain(request(NAMES[0]).polling(policy).build(), solver));

        assertThat(waited()).isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    @Test
    void areNotGivenUpWhileTheReasonsDiffer() throws IOException {
        Account account = account();
        leaveUndecided("pending", true);
        List<Integer> counts = new CopyOnWriteArrayList<>();
        Consumer<IssuanceEvent> fixer = event -> {
            if (event instanceof IssuanceEvent.ChallengeRefused refused) {
                counts.add(refused.refusals());
                ca.undecidedProblem(counts.size() < 2 ? "connection" : "unauthorized");
            }
        };

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(
                        () -> account.obtain(request(NAMES[0]).listener(fixer).build(), solver));

        // after 0 and 10 seconds of one kind; from 30 seconds on of another one
        assertThat(counts).startsWith(1, 2, 1, 2);
        assertThat(waited()).isGreaterThanOrEqualTo(Duration.ofSeconds(30 + 120));
    }

    @Test
    void endTheOrderOfAllNamesWhenOneIsGivenUp() throws IOException {
        Account account = account();
        ca.repliesAfterValidation().leaveUndecided("pending", 1_000);

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .satisfies(e -> assertThat(e.failures()).hasSize(3));
    }

    @Test
    void areLookedAtWhenTheCaSaysSo() throws IOException {
        Account account = account();
        leaveUndecided("pending", true);
        ca.retryAfter(Endpoint.CHALLENGE, "100");

        assertThatExceptionOfType(AcmeChallengeException.class)
                .isThrownBy(() -> account.obtain(request(NAMES[0]).build(), solver));

        // one answer, then a look and an answer each after 100 and 200 seconds
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(5);
        assertThat(waited()).isBetween(Duration.ofSeconds(200), Duration.ofSeconds(210));
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
