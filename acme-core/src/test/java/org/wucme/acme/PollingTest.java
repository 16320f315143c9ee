package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.testing.ca.Endpoint;

/** How long a client waits between two looks at an order, and when it stops. */
class PollingTest extends AtTestCa {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final PollingPolicy ONE_MINUTE = PollingPolicy.DEFAULT.withTimeout(Duration.ofMinutes(1));

    /** An order that is still called pending this many times though all is proven. */
    private Order slowOrder(Account account, int polls) throws IOException {
        ca.pollsUntilReady(polls);
        Order order = account.createOrder(OrderRequest.of("www.example.test"));
        Authorization authorization =
                account.fetchAuthorization(order.authorizations().get(0));
        account.respond(authorization.challenges().get(0));
        ca.clearLog();
        return order;
    }

    private static Duration sum(List<Duration> durations) {
        return durations.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void waitsAsManySecondsAsTheCaAsks() throws IOException {
        Account account = account();
        Order order = slowOrder(account, 3);
        ca.retryAfter(Endpoint.ORDER, "7");

        account.awaitReady(order, ONE_MINUTE);

        assertThat(time.sleeps()).hasSize(4);
        assertThat(time.sleeps().subList(1, 4)).containsOnly(Duration.ofSeconds(7));
    }

    @Test
    void pollsOnceAtItsOwnPaceAfterTheAnswersAndAfterFinalizeAndThenAsTheCaAsks() throws IOException {
        Account account = account();
        ca.pollsUntilReady(1).pollsUntilValid(1);
        for (Endpoint endpoint : ENDPOINTS) {
            ca.retryAfter(endpoint, "5");
        }

        account.obtain(request("www.example.test").build(), solver);

        List<Duration> sleeps = time.sleeps();
        assertThat(sleeps).hasSize(4);
        assertThat(List.of(sleeps.get(0), sleeps.get(2)))
                .allSatisfy(own -> assertThat(own).isBetween(Duration.ofMillis(50), Duration.ofMillis(250)));
        assertThat(List.of(sleeps.get(1), sleeps.get(3))).containsOnly(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -86_400, 86_400})
    void waitsUntilTheDateThatTheCaNamesByItsOwnClock(long secondsAhead) throws IOException {
        ca.clockSkew(Duration.ofSeconds(secondsAhead));
        Account account = account();
        Order order = slowOrder(account, 1);
        ca.retryAfter(Endpoint.ORDER, HTTP_DATE.format(time.instant().plusSeconds(secondsAhead + 30)));

        account.awaitReady(order, ONE_MINUTE);

        assertThat(time.sleeps().get(1)).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(31));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "-5", ""})
    void waitsAsItLikesWhenTheCaNamesNoTimeAhead(String retryAfter) throws IOException {
        Account account = account();
        Order order = slowOrder(account, 2);
        ca.retryAfter(Endpoint.ORDER, retryAfter);

        account.awaitReady(order, ONE_MINUTE);

        assertThat(time.sleeps()).hasSize(3).allMatch(sleep -> sleep.compareTo(Duration.ofMillis(200)) < 0);
    }

    @ParameterizedTest
    @CsvSource({"600, 600", "99999999999999999999999, 31536000"})
    void stopsAtOnceWhenTheCaAsksForMoreThanTheTimeout(String retryAfter, long expectedSeconds) throws IOException {
        Account account = account();
        Order order = slowOrder(account, 100);
        ca.retryAfter(Endpoint.ORDER, retryAfter);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.awaitReady(order, ONE_MINUTE))
                .withMessageContaining(order.url())
                .satisfies(e -> {
                    assertThat(e.resumeUrl()).isEqualTo(order.url());
                    assertThat(e.isRetryable()).isTrue();
                    Instant retryAt = e.retryAt().orElseThrow();
                    assertThat(Duration.between(time.instant(), retryAt)).hasSeconds(expectedSeconds);
                });
        assertThat(ca.count(Endpoint.ORDER)).isEqualTo(1);
    }

    @Test
    void doesNotWaitForWhatTheWayToTheCaTakesAnyway() throws IOException {
        List<Duration> sleeps = new CopyOnWriteArrayList<>();
        ca.latency(Duration.ofMillis(100));
        try (AcmeClient distant = TestClients.builder(ca).sleeper(sleeps::add).build()) {
            TestClients.register(distant).obtain(request("www.example.test").build(), solver);
        }

        // 65 ms, give or take a fifth, between two looks
        assertThat(sleeps).isEmpty();
    }

    @Test
    void waitsLongerAndLongerUpToTheLongestDelay() throws IOException {
        Account account = account();
        Order order = slowOrder(account, 20);

        account.awaitReady(order, PollingPolicy.DEFAULT);

        double expected = 0.065;
        for (Duration sleep : time.sleeps()) {
            assertThat(sleep.toNanos() / 1e9).isCloseTo(expected, within(0.2 * expected + 1e-6));
            expected = Math.min(5, expected * 1.6);
        }
        assertThat(time.sleeps()).hasSize(21);
    }

    @Test
    void usesTheWholeTimeoutAndSaysWhereToGoOn() throws IOException {
        Account account = account();
        Order order = slowOrder(account, 1_000);

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.awaitReady(order, ONE_MINUTE))
                .withMessageContaining("pending")
                .satisfies(e -> {
                    assertThat(e.resumeUrl()).isEqualTo(order.url());
                    assertThat(e.retryAt()).isEmpty();
                });
        assertThat(sum(time.sleeps())).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void countsTheWholeIssuanceAgainstOneTimeout() throws IOException {
        Account account = account();
        ca.pollsUntilReady(1_000);
        ChallengeSolver slow = new ChallengeSolver() {
            @Override
            public boolean canSolve(Challenge challenge, Identifier identifier) {
                return solver.canSolve(challenge, identifier);
            }

            @Override
            public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
                Presented presented = solver.present(challenge, identifier, account);
                return new Presented() {
                    @Override
                    public void awaitVisible(Deadline deadline) throws IOException {
                        assertThat(deadline.remaining()).isEqualTo(Duration.ofMinutes(1));
                        deadline.sleep(Duration.ofSeconds(45));
                    }

                    @Override
                    public void close() throws IOException {
                        presented.close();
                    }
                };
            }
        };

        assertThatExceptionOfType(AcmeTimeoutException.class)
                .isThrownBy(() -> account.obtain(
                        request("www.example.test").polling(ONE_MINUTE).build(), slow));
        assertThat(sum(time.sleeps())).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void asksOnceALookWhateverTheNumberOfNames() throws IOException {
        Account account = account();
        ca.pollsUntilReady(4);

        account.obtain(
                request("a.example.test", "b.example.test", "c.example.test").build(), solver);

        // four that are not ready yet, one that is, one that is valid
        assertThat(ca.count(Endpoint.ORDER)).isEqualTo(6);
        assertThat(ca.count(Endpoint.AUTHORIZATION)).isEqualTo(3);
        assertThat(ca.log().stream()
                        .filter(seen -> seen.endpoint() == Endpoint.CHALLENGE)
                        .collect(Collectors.groupingBy(seen -> seen.path(), Collectors.counting())))
                .hasSize(3)
                .allSatisfy((path, count) -> assertThat(count).isEqualTo(1));
    }
}
