package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.Request;

/** Renewal information (RFC 9773), and that no failure of it can stand in the way of a renewal. */
class AriTest extends AtTestCa {

    private static final String UNAVAILABLE = "renewal information (ARI) is not available: ";

    private X509Certificate leaf() throws IOException {
        X509Certificate leaf = account()
                .obtain(request("www.example.test").build(), solver)
                .chain()
                .leaf();
        ca.clearLog();
        return leaf;
    }

    private void assertUnavailable(X509Certificate leaf, String why, Duration wait) throws IOException {
        Instant askAgainAt = time.instant().plus(wait);
        assertThatExceptionOfType(AcmeRenewalInfoException.class)
                .isThrownBy(() -> client.fetchRenewalInfo(leaf))
                .withMessageStartingWith(UNAVAILABLE)
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.retryAt()).contains(askAgainAt));
    }

    @Test
    void tellsTheWindowAndWhenToAskAgain() throws IOException {
        X509Certificate leaf = leaf();
        Instant start = Instant.parse("2027-01-03T04:05:06Z");
        ca.renewalWindow(leaf, start, start.plusSeconds(1)).retryAfter(Endpoint.RENEWAL_INFO, "21600");
        ca.fault(Endpoint.RENEWAL_INFO, Fault.json(json -> json.put("explanationURL", "https://ca.example/why")));

        assertThat(client.fetchRenewalInfo(leaf))
                .isEqualTo(new RenewalInfo(
                        start,
                        start.plusSeconds(1),
                        "https://ca.example/why",
                        time.instant().plus(Duration.ofHours(6))));
    }

    @Test
    void isOneUnsignedRequest() throws IOException {
        X509Certificate leaf = leaf();

        client.fetchRenewalInfo(leaf);

        assertThat(ca.log()).extracting(Request::endpoint).containsExactly(Endpoint.RENEWAL_INFO);
        assertThat(ca.log()).extracting(Request::method).containsExactly("GET");
        assertThat(ca.signedBodies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//"})
    void doesNotMindSlashesAtTheEndOfTheUrl(String slashes) throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.put(
                        "renewalInfo", directory.path("renewalInfo").asText() + slashes)));

        try (AcmeClient fresh = clientBuilder().build()) {
            assertThat(fresh.fetchRenewalInfo(leaf).windowStart())
                    .isBefore(leaf.getNotAfter().toInstant());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, PT1M", "59, PT1M", "60, PT1M", "3601, PT1H1S", "86401, PT24H", "99999999999, PT24H", "soon, PT6H"})
    void keepsTheWaitWithinReason(String retryAfter, Duration wait) throws IOException {
        X509Certificate leaf = leaf();
        ca.retryAfter(Endpoint.RENEWAL_INFO, retryAfter);

        assertThat(client.fetchRenewalInfo(leaf).askAgainAt())
                .isEqualTo(time.instant().plus(wait));
    }

    @Test
    void waitsSixHoursIfTheCaDoesNotSay() throws IOException {
        assertThat(client.fetchRenewalInfo(leaf()).askAgainAt())
                .isEqualTo(time.instant().plus(Duration.ofHours(6)));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-02T04:00:00Z, 2027-01-02T04:00:00Z",
        "2027-01-02T04:00:00.123456789Z, 2027-01-02T04:00:00.123456789Z",
        "2027-01-02T05:30:00.5+01:30, 2027-01-02T04:00:00.500Z"
    })
    void readsTimesWithFractionsAndOffsets(String start, Instant read) throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(
                Endpoint.RENEWAL_INFO,
                Fault.json(json ->
                        json.withObject("/suggestedWindow").put("start", start).put("end", "2028-01-01T00:00:00Z")));

        assertThat(client.fetchRenewalInfo(leaf).windowStart()).isEqualTo(read);
    }

    @Test
    void takesAWindowInThePastAsItIs() throws IOException {
        Account account = account();
        X509Certificate leaf = account.obtain(request("www.example.test").build(), solver)
                .chain()
                .leaf();
        account.revoke(leaf, RevocationReason.SUPERSEDED);

        RenewalInfo info = client.fetchRenewalInfo(leaf);

        assertThat(info.windowEnd()).isBefore(time.instant());
        assertThat(info.choose(null, client.timing().random()).isDue(time.instant(), time.instant()))
                .isTrue();
    }

    static Stream<Consumer<ObjectNode>> nonsense() {
        return Stream.of(
                json -> json.remove("suggestedWindow"),
                json -> json.put("suggestedWindow", "now"),
                json -> json.withObject("/suggestedWindow").remove("start"),
                json -> json.withObject("/suggestedWindow").remove("end"),
                json -> json.withObject("/suggestedWindow").put("start", 1_800_000_000),
                json -> json.withObject("/suggestedWindow").put("end", "tomorrow"),
                json -> json.withObject("/suggestedWindow").put("end", "2020-01-01T00:00:00Z"),
                json -> json.withObject("/suggestedWindow")
                        .put("end", json.path("suggestedWindow").path("start").asText()));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void isNotAvailableWhenTheWindowIsNonsense(Consumer<ObjectNode> edit) throws IOException {
        X509Certificate leaf = leaf();
        ca.retryAfter(Endpoint.RENEWAL_INFO, "60").fault(Endpoint.RENEWAL_INFO, Fault.json(edit));

        assertUnavailable(leaf, "the renewal information at https://", Duration.ofHours(6));
    }

    @Test
    void passesOverAnExplanationThatIsNoText() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.json(json -> json.put("explanationURL", 7)));

        assertThat(client.fetchRenewalInfo(leaf).explanationUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "[]", "null", "<html>sign in</html>"})
    void isNotAvailableWhenTheAnswerIsNoObject(String body) throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.body("application/json", body));

        assertUnavailable(leaf, "the renewal information at https://", Duration.ofHours(6));
    }

    @Test
    void isNotAvailableWhenTheCaRefuses() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.problem(403, "unauthorized", "not for you"));

        assertUnavailable(leaf, "not for you", Duration.ofHours(6));
        assertThat(ca.count()).isOne();
    }

    @Test
    void asksAgainWhenTheCaSaysThatItIsOverloaded() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.problem(429, "rateLimited", "later", "Retry-After", "7200"));

        assertUnavailable(leaf, "later", Duration.ofHours(2));
    }

    @Test
    void isTriedAFewTimesBeforeItIsGivenUpForSixHours() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.status(500, "text/html", "<html>"), 5);

        Instant before = time.instant();
        assertThatExceptionOfType(AcmeRenewalInfoException.class)
                .isThrownBy(() -> client.fetchRenewalInfo(leaf))
                .satisfies(e -> assertThat(e.retryAt()).contains(before.plus(Duration.ofHours(6))));
        assertThat(ca.count(Endpoint.RENEWAL_INFO)).isEqualTo(5);
    }

    @Test
    void survivesAFailureThatPasses() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.RENEWAL_INFO, Fault.resetBefore());

        assertThat(client.fetchRenewalInfo(leaf).windowStart()).isNotNull();
        assertThat(ca.count(Endpoint.RENEWAL_INFO)).isEqualTo(2);
    }

    @Test
    void isNotAvailableWhenTheCaDoesNotOfferIt() throws IOException {
        X509Certificate leaf = leaf();
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.remove("renewalInfo")));

        try (AcmeClient fresh = clientBuilder().build()) {
            assertThat(fresh.askRenewalInfo(leaf))
                    .isEqualTo(new RenewalAnswer.Unavailable(
                            UNAVAILABLE + "the CA does not offer it",
                            time.instant().plus(Duration.ofHours(6))));
        }
    }

    @Test
    void isNotAskedForWhereItIsKnownNotToBeHad() throws IOException {
        X509Certificate leaf = leaf();
        Ca quirky = new Ca("quirky", ca.directoryUrl(), CaQuirk.NO_RENEWAL_INFO);

        try (AcmeClient fresh = TestClients.builder(ca, quirky).clock(time).build()) {
            assertThat(fresh.askRenewalInfo(leaf)).isInstanceOf(RenewalAnswer.Unavailable.class);
        }
        assertThat(ca.count(Endpoint.RENEWAL_INFO)).isZero();
    }

    @Test
    void isNotAskedForACertificateThatHasExpired() throws IOException {
        X509Certificate leaf = leaf();
        time.sleep(Duration.between(time.instant(), leaf.getNotAfter().toInstant()));

        assertUnavailable(leaf, "expired at " + leaf.getNotAfter().toInstant(), Duration.ofHours(6));
        assertThat(ca.count()).isZero();
    }

    @Test
    void isNotAskedForACertificateThatCannotBeNamed() throws IOException {
        X509Certificate nameless = ca.tlsRoot();

        assertUnavailable(nameless, "no authority key identifier", Duration.ofHours(6));
        assertThat(ca.count()).isZero();
    }

    @Test
    void isAnAnswerForThoseWhoDecide() throws IOException {
        X509Certificate leaf = leaf();
        ca.retryAfter(Endpoint.RENEWAL_INFO, "3600");
        Instant inAnHour = time.instant().plus(Duration.ofHours(1));

        RenewalAnswer answer = client.askRenewalInfo(leaf);

        assertThat(answer.askAgainAt()).isEqualTo(inAnHour);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RenewalAnswer.Suggested.class,
                        suggested -> assertThat(suggested.info().askAgainAt()).isEqualTo(inAnHour));
    }

    @Test
    void isAnAnswerEvenWhenTheCaCannotBeReached() throws IOException {
        X509Certificate leaf = leaf();
        ca.close();

        RenewalAnswer answer = client.askRenewalInfo(leaf);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        RenewalAnswer.Unavailable.class,
                        unavailable -> assertThat(unavailable.reason()).startsWith(UNAVAILABLE));
    }

    @Test
    void isGivenUpByAnInterruptionAndNothingElse() throws IOException {
        X509Certificate leaf = leaf();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> client.askRenewalInfo(leaf));
        assertThat(Thread.interrupted()).isTrue();
    }
}
