package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What a CA refuses, how it says so, and what is tried again: RFC 8555 sections 6.6 and 6.7. */
class RefusalTest extends AtTestCa {

    private static final String PROBLEM = "application/problem+json";

    private AcmeProblemException refusal(Account account) {
        return assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .actual();
    }

    private AcmeProblemException refusal(Fault fault) throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, fault, 100);
        return refusal(account);
    }

    @Test
    void isToldInTheCasOwnWordsWithWhatWasBeingDone() throws IOException {
        AcmeProblemException refusal = refusal(Fault.problem(403, "unauthorized", "Nobody here knows you"));

        assertThat(refusal)
                .hasMessageContaining("Nobody here knows you")
                .hasMessageContaining("retrieving account")
                .hasMessageContaining("/account/");
        assertThat(refusal.problem().kind()).isEqualTo(ProblemType.UNAUTHORIZED);
        assertThat(refusal.problem().status()).isEqualTo(403);
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    @Test
    void asksWhetherTheUrlIsThatOfADirectoryWhereThereIsNone() {
        ca.fault(Endpoint.DIRECTORY, Fault.problem(404, "malformed", "Page not found"));

        assertThatThrownBy(() -> TestClients.client(ca).fetchDirectory())
                .isInstanceOf(AcmeProblemException.class)
                .hasMessage("fetching directory at " + ca.directoryUrl()
                        + ": the CA says: Page not found. Is this the URL of the CA's directory?");
    }

    @Test
    void mayBeOfATypeThatNobodyKnows() throws IOException {
        Problem problem = refusal(Fault.status(
                        400, PROBLEM, "{\"type\":\"https://ca.test/odd\",\"title\":\"Odd\",\"extra\":[1]}"))
                .problem();

        assertThat(problem.kind()).isEqualTo(ProblemType.UNKNOWN);
        assertThat(problem.type()).isEqualTo("https://ca.test/odd");
        assertThat(problem.describe()).isEqualTo("Odd");
    }

    @Test
    void namesEveryIdentifierOfItsSubproblems() throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(403, PROBLEM, """
                {"type":"urn:ietf:params:acme:error:compound","detail":"two errors","subproblems":[
                 {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"a.test"}},
                 {"type":"urn:ietf:params:acme:error:dns","detail":"no such name","identifier":{"type":"dns","value":"b.test"}}]}
                """));

        assertThat(refusal).hasMessageContaining("two errors (a.test: CAA forbids; b.test: no such name)");
        assertThat(refusal.problem().subproblems())
                .extracting(Problem::kind)
                .containsExactly(ProblemType.CAA, ProblemType.DNS);
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, <html><body>Forbidden</body></html>, text/html",
        "text/plain, '', empty",
        "application/problem+json, '{\"type\":', application/problem+json",
        "application/problem+json, '[1,2]', application/problem+json",
        "application/problem+json, '{\"type\":7}', application/problem+json"
    })
    void isUnderstoodByItsStatusWithoutAProblemDocument(String type, String body, String named) throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(403, type, body));

        assertThat(refusal).hasMessageContaining("HTTP status 403").hasMessageContaining(named);
        assertThat(refusal.problem().status()).isEqualTo(403);
        assertThat(refusal.problem().type()).isEqualTo("about:blank");
    }

    @Test
    void isReadWhateverItsContentType() throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(
                403, "text/plain", "{\"type\":\"urn:ietf:params:acme:error:caa\",\"detail\":\"CAA forbids\"}"));

        assertThat(refusal.problem().is(ProblemType.CAA)).isTrue();
    }

    @Test
    void leadsAHumanToTheTermsThatChanged() throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(
                403,
                PROBLEM,
                "{\"type\":\"urn:ietf:params:acme:error:userActionRequired\",\"detail\":\"Terms changed\","
                        + "\"instance\":\"https://ca.test/act\"}",
                "Link",
                "<https://ca.test/terms-2>;rel=\"terms-of-service\""));

        assertThat(refusal)
                .hasMessageEndingWith(
                        "Terms changed; see https://ca.test/act; the terms are at https://ca.test/terms-2");
        assertThat(refusal).isInstanceOfSatisfying(AcmeUserActionException.class, action -> {
            assertThat(action.actionUrl()).contains("https://ca.test/act");
            assertThat(action.termsOfService()).contains("https://ca.test/terms-2");
        });
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    @Test
    void leadsAHumanNowhereByWhatIsMoreThanAUrl() throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(
                403,
                PROBLEM,
                "{\"type\":\"urn:ietf:params:acme:error:userActionRequired\",\"detail\":\"Terms changed\","
                        + "\"instance\":\"https://ca.test/\\u001b[2J\\nact\"}"));

        assertThat(refusal).hasMessageEndingWith("Terms changed; see https://ca.test/ [2J act");
    }

    @Test
    void ofTooManyRequestsIsNotTriedAgainWhenTheCaNamesNoTime() throws IOException {
        AcmeProblemException refusal = refusal(
                Fault.problem(429, "rateLimited", "Slow down", "Link", "<https://ca.test/limits>;rel=\"help\""));

        assertThat(refusal).isInstanceOfSatisfying(AcmeRateLimitException.class, limit -> {
            assertThat(limit.help()).containsExactly("https://ca.test/limits");
            assertThat(limit.retryAt()).isEmpty();
            assertThat(limit.isRetryable()).isTrue();
        });
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    @Test
    void ofTooManyRequestsTellsTheTimeWhenItIsTooFarAhead() throws IOException {
        AcmeProblemException refusal = refusal(Fault.problem(429, "rateLimited", "Tomorrow", "Retry-After", "86400"));

        assertThat(refusal).isInstanceOf(AcmeRateLimitException.class);
        assertThat(Duration.between(time.instant(), refusal.retryAt().orElseThrow()))
                .isEqualTo(Duration.ofDays(1));
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void isRateLimitedByStatusOrByTypeAlone() throws IOException {
        assertThat(refusal(Fault.status(429, "text/html", "slow"))).isInstanceOf(AcmeRateLimitException.class);
        assertThat(refusal(Fault.problem(503, "rateLimited", "slow"))).isInstanceOf(AcmeRateLimitException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void isWaitedOutAndSignedAgainWhenTheCaNamesATimeNear(int status) throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.problem(status, status == 429 ? "rateLimited" : "serverInternal", "busy", "Retry-After", "20"));

        account.createOrder(OrderRequest.of("www.example.test"));

        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(20));
        assertThat(ca.signedBodies()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void isSignedAgainEvenWhenTheCaSaysToRepeatAtOnce(String retryAfter) throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(503, "serverInternal", "busy", "Retry-After", retryAfter), 2);

        account.createOrder(OrderRequest.of("www.example.test"));

        assertThat(ca.signedBodies()).hasSize(3).doesNotHaveDuplicates();
        assertThat(ca.orders()).hasSize(1);
    }

    @Test
    void byOverloadIsGivenUpWhenPatienceEnds() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(503, "serverInternal", "busy", "Retry-After", "25"), 100);

        assertThat(refusal(account).problem().status()).isEqualTo(503);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(25), Duration.ofSeconds(25));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void byABrokenServerIsTriedFourTimesMoreAfterGrowingWaits(int status) throws IOException {
        AcmeProblemException refusal = refusal(Fault.status(status, "text/html", "<html>Bad</html>"));

        assertThat(refusal.isRetryable()).isTrue();
        assertThat(ca.signedBodies()).hasSize(5);
        assertThat(time.sleeps()).hasSize(4).isSorted();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 409, 418})
    void byAClearNoIsNotTriedAgain(int status) throws IOException {
        AcmeProblemException refusal = refusal(Fault.problem(status, "malformed", "No"));

        assertThat(refusal.isRetryable()).isFalse();
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    @Test
    void byABrokenServerDoesNotAnswerAChallengeOrFinalizeBlindly() throws IOException {
        Account account = account();
        ca.fault(Endpoint.CHALLENGE, Fault.status(500, "text/html", "<html>Bad</html>"));
        ca.fault(Endpoint.FINALIZE, Fault.status(500, "text/html", "<html>Bad</html>"));

        account.obtain(request("www.example.test").build(), solver);

        // answer, look, answer again
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(3);
        assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(2);
        assertThat(ca.certificates()).hasSize(1);
    }
}
