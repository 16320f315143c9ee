package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/**
 * Whatever breaks between client and CA, before or after a request took effect: the work is finished, each try is signed
 * anew, and nothing is done twice that matters. Over HTTP/1.1, where a cut hits one request alone.
 */
class RetryTest extends AtTestCa {

    private static final List<Endpoint> WITH_EFFECT =
            List.of(Endpoint.NEW_ORDER, Endpoint.CHALLENGE, Endpoint.FINALIZE, Endpoint.CERTIFICATE);

    RetryTest() {
        super(TestCa.builder().http1Only());
    }

    /** One way to break, and where it makes sense. */
    record Breakage(String name, Fault fault, List<Endpoint> endpoints) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Breakage> breakages() {
        List<Endpoint> withBody = ENDPOINTS.stream()
                .filter(endpoint -> endpoint != Endpoint.NEW_NONCE && endpoint != Endpoint.REVOKE)
                .toList();
        return Stream.of(
                new Breakage("cut before", Fault.resetBefore(), ENDPOINTS),
                new Breakage("cut after", Fault.resetAfter(), ENDPOINTS),
                new Breakage("truncated body", Fault.truncateBody(), withBody),
                new Breakage("bad gateway", Fault.status(502, "text/html", "<html>Bad gateway</html>"), ENDPOINTS));
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void survivesTheSameBreakageAtEveryStep(Breakage breakage) throws IOException {
        breakage.endpoints.forEach(endpoint -> ca.fault(endpoint, breakage.fault));

        issueAndRevokeOnce(1);
    }

    static Stream<Named<Fault>> stalls() {
        return Stream.of(
                Named.of("stalled headers", Fault.stallHeaders()), Named.of("stalled body", Fault.stallBody()));
    }

    @ParameterizedTest
    @MethodSource("stalls")
    void survivesTheSameStallAtEveryStepThatHasAnEffect(Fault stall) throws IOException {
        WITH_EFFECT.forEach(endpoint -> ca.fault(endpoint, stall));

        try (AcmeClient hasty =
                clientBuilder().requestTimeout(Duration.ofMillis(500)).build()) {
            issueAndRevokeOnce(hasty, 1);
        }
    }

    @Test
    void givesUpAChallengeOnlyAfterFiveTries() throws IOException {
        Account account = account();
        ca.fault(Endpoint.CHALLENGE, Fault.status(502, "text/html", "no"), 1_000);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.obtain(request("www.example.test").build(), solver))
                .matches(e -> e.problem().status() == 502);
        // answered once, then looked at
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(6);
    }

    @Test
    void tellsWhyTheOrderFailedThoughTheReplyToFinalizeWasLost() throws IOException {
        Account account = account();
        ca.issuanceFails("caa").finalizeAtOnce(true).fault(Endpoint.FINALIZE, Fault.resetAfter());

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.obtain(request("www.example.test").build(), solver))
                .matches(e -> e.problem().is(ProblemType.CAA));
        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(1);
    }

    @Test
    void saysThatNothingListens() {
        ca.close();

        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(client::fetchDirectory)
                .withMessageContaining(ca.directoryUrl())
                .matches(AcmeException::isRetryable);
        assertThat(time.sleeps()).hasSize(4).isSorted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "-99999999999999999999",
                "soon",
                "",
                "0.5",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "Fri, 31 Dec 1999 23:59:59 GMT"
            })
    void aRetryAfterThatAsksForNoWaitIsNoReasonToHurry(String retryAfter) {
        Fault busy = Fault.status(503, "text/html", "busy", "Retry-After", retryAfter);
        ca.fault(Endpoint.DIRECTORY, busy, 1_000);

        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(client::fetchDirectory);

        assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(5);
        assertThat(time.sleeps()).hasSize(4).isSorted().allMatch(slept -> slept.toMillis() >= 100);
    }

    @Test
    void triesOnceWhenToldSo() {
        RetryPolicy never = new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));
        ca.fault(Endpoint.DIRECTORY, Fault.resetBefore());

        try (AcmeClient other = clientBuilder().retry(never).build()) {
            assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(other::fetchDirectory);
        }
        assertThat(ca.count()).isEqualTo(1);
    }
}
