package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each exception tells a caller to do. */
class AdviceTest {

    private static final Identifier A = Identifier.of("a.test");
    private static final Identifier B = Identifier.of("b.test");

    private static Problem problem(String type, int status) {
        return new Problem(type, null, "because", status, null, null, List.of());
    }

    private static Problem problem(ProblemType type) {
        return problem(type.uri(), 400);
    }

    @ParameterizedTest
    @CsvSource({
        "serverInternal, 500, RETRY",
        "serverInternal, 0, RETRY",
        "malformed, 500, RETRY",
        "badNonce, 400, RETRY",
        "rateLimited, 429, WAIT",
        "rateLimited, 403, WAIT",
        "unauthorized, 429, WAIT",
        "notImplemented, 501, OPERATOR",
        "unauthorized, 403, OPERATOR",
        "caa, 403, OPERATOR",
        "userActionRequired, 403, OPERATOR",
        "accountDoesNotExist, 400, OPERATOR",
        "nobodyKnows, 400, OPERATOR",
        "nobodyKnows, 503, RETRY"
    })
    void ofAProblemComesFromItsTypeAndItsStatus(String type, int status, Advice advice) {
        Problem problem = problem("urn:ietf:params:acme:error:" + type, status);

        assertThat(new AcmeProblemException("asking", problem, null).advice()).isEqualTo(advice);
    }

    @Test
    void isToWaitWhenTheCaInTroubleNamesATime() {
        AcmeProblemException busy = new AcmeProblemException("asking", problem("about:blank", 503), Instant.EPOCH);
        AcmeProblemException no = new AcmeProblemException("asking", problem("about:blank", 403), Instant.EPOCH);

        assertThat(busy.advice()).isEqualTo(Advice.WAIT);
        assertThat(no.advice()).isEqualTo(Advice.OPERATOR);
    }

    @Test
    void ofAFailedProofIsANewOrderOnlyIfTheCaHadTroubleOfItsOwn() {
        Problem own = problem(ProblemType.SERVER_INTERNAL);
        Problem ours = problem(ProblemType.CONNECTION);

        assertThat(new AcmeChallengeException(Map.of(A, own, B, own)).advice()).isEqualTo(Advice.NEW_ORDER);
        assertThat(new AcmeChallengeException(Map.of(A, own, B, ours)).advice()).isEqualTo(Advice.OPERATOR);
    }

    @Test
    void ofTheOtherExceptionsIsAlwaysTheSame() {
        IOException cause = new IOException("reset");

        assertThat(new AcmeConnectionException("lost", cause, true).advice()).isEqualTo(Advice.RETRY);
        assertThat(new AcmeConnectionException("not trusted", cause, false).advice())
                .isEqualTo(Advice.OPERATOR);
        assertThat(new AcmeTimeoutException("late", "https://ca.test/order/1", null).advice())
                .isEqualTo(Advice.WAIT);
        assertThat(new AcmeProtocolException("nonsense").advice()).isEqualTo(Advice.OPERATOR);
        assertThat(new AcmeException("no solver").advice()).isEqualTo(Advice.OPERATOR);
    }

    @ParameterizedTest
    @EnumSource
    void isConsistentWithWhetherTheSameRequestCanSucceed(Advice advice) {
        AcmeException e = new AcmeException("failed", null, advice);

        assertThat(e.isRetryable()).isEqualTo(advice == Advice.RETRY || advice == Advice.WAIT);
    }
}
