package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import java.time.Instant;
import okhttp3.Headers;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.AcmeUserActionException;
import org.wucme.acme.ProblemType;

/** Checklist items 11, 12 and 18: the exception that fits each refusal. */
class RefusalsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String URN = "urn:ietf:params:acme:error:";

    @Test
    void theCasWordsAndTheHttpStatusAreKept() {
        AcmeProblemException e = (AcmeProblemException)
                refusal(403, "{\"type\":\"" + URN + "unauthorized\",\"detail\":\"not yours\",\"status\":401}");
        assertThat(e).hasMessage("creating an order: the CA says: not yours");
        assertThat(e.problem().kind()).isEqualTo(ProblemType.UNAUTHORIZED);
        assertThat(e.problem().status()).isEqualTo(403);
        assertThat(e.isRetryable()).isFalse();
    }

    @Test
    void membersOfAWrongTypeAreIgnoredAndTheRestIsKept() {
        AcmeProblemException e = (AcmeProblemException) refusal(
                400,
                "{\"type\":\"" + URN + "badCSR\",\"detail\":\"no such curve\",\"title\":7,\"status\":\"400\","
                        + "\"instance\":{},\"identifier\":\"x\",\"subproblems\":{}}");
        assertThat(e).hasMessageEndingWith("no such curve");
        assertThat(e.problem().kind()).isEqualTo(ProblemType.BAD_CSR);
        assertThat(e.problem().title()).isNull();
        assertThat(e.problem().subproblems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"<html>Bad Gateway</html>, text/html", "'', ''", "[], application/json", "'{', application/problem+json"
    })
    void withoutAProblemDocumentTheStatusSpeaks(String body, String type) {
        AcmeProblemException e = (AcmeProblemException) refusal(502, body, "Content-Type", type);
        assertThat(e).hasMessageContaining("HTTP status 502 without a problem document");
        assertThat(e.getMessage()).doesNotContain("<html>");
        assertThat(e.problem().status()).isEqualTo(502);
        assertThat(e.problem().kind()).isEqualTo(ProblemType.UNKNOWN);
        assertThat(e.isRetryable()).isTrue();
    }

    @Test
    void aRateLimitSaysWhenAndWhere() {
        AcmeRateLimitException e = (AcmeRateLimitException) refusal(
                503,
                "{\"type\":\"" + URN + "rateLimited\",\"detail\":\"too many\"}",
                "Retry-After",
                "120",
                "Link",
                "<https://ca.example/help>;rel=\"help\"");
        assertThat(e.retryAt()).contains(NOW.plusSeconds(120));
        assertThat(e.help()).containsExactly("https://ca.example/help");
        assertThat(e.isRetryable()).isTrue();
        assertThatObject(refusal(429, "")).isInstanceOf(AcmeRateLimitException.class);
    }

    @Test
    void changedTermsAskForAHuman() {
        AcmeUserActionException e = (AcmeUserActionException) refusal(
                403,
                "{\"type\":\"" + URN + "userActionRequired\",\"instance\":\"https://ca.example/agree\"}",
                "Link",
                "<https://ca.example/terms>;rel=\"terms-of-service\"");
        assertThat(e.actionUrl()).contains("https://ca.example/agree");
        assertThat(e.termsOfService()).contains("https://ca.example/terms");
        assertThat(e.isRetryable()).isFalse();
    }

    @Test
    void aRedirectIsNoAnswerToASignedRequest() {
        assertThat(refusal(307, "")).isInstanceOf(AcmeProtocolException.class).hasMessageContaining("307");
    }

    @ParameterizedTest
    @CsvSource({"400,false", "403,false", "429,false", "500,true", "502,true", "503,false", "504,true"})
    void onlySomeFailuresLeaveOpenWhatTheCaDid(int status, boolean open) {
        assertThat(Refusals.mayHaveTakenEffect(refusal(status, ""))).isEqualTo(open);
    }

    private static AcmeException refusal(int status, String body, String... headers) {
        return Refusals.toException(
                "creating an order",
                new HttpReply(
                        "https://ca.example/new-order", status, Headers.of(headers), ByteString.encodeUtf8(body), NOW));
    }
}
