package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.AcmeChallengeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeTimeoutException;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;
import org.wucme.acme.ProblemType;

class FailureBackoffTest {

    private static final Instant NOW = Instant.parse("2026-11-22T20:20:27Z");

    @ParameterizedTest
    @CsvSource({"1,PT1M", "2,PT10M", "3,PT100M", "4,P1D", "5,P1D", "1000,P1D"})
    void itIsTriedAgainSoonAtFirstAndThenOnceADay(int failures, Duration delay) {
        assertThat(FailureBackoff.nextAttempt(failures, new IOException("no"), NOW, null))
                .isEqualTo(NOW.plus(delay));
    }

    @ParameterizedTest
    @CsvSource({"P90D,P1D", "P6D,PT4H48M", "PT6H,PT12M", "PT10M,PT20S", "PT20S,PT1S"})
    void aShortLivedCertificateIsTriedMoreOften(Duration lifetime, Duration delay) {
        assertThat(FailureBackoff.nextAttempt(9, new IOException("no"), NOW, lifetime))
                .isEqualTo(NOW.plus(delay));
    }

    @Test
    void whatAHumanMustChangeIsTriedOnceADayFromTheStart() {
        Problem problem =
                new Problem(ProblemType.REJECTED_IDENTIFIER.uri(), null, "not on my list", 400, null, null, List.of());

        assertThat(FailureBackoff.nextAttempt(
                        1, new AcmeProblemException("ordering", problem, null), NOW, Duration.ofDays(90)))
                .isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED,PT1M", "CONNECTION,PT1M", "REJECTED_IDENTIFIER,P1D", "UNSUPPORTED_IDENTIFIER,P1D"})
    void aProofThatWasNotFoundMayBeTheNetworksFaultWhateverTheCaCallsIt(ProblemType type, Duration delay) {
        Problem problem = new Problem(type.uri(), null, "no", 400, null, null, List.of());
        IOException cause = new AcmeChallengeException(Map.of(Identifier.dns("www.example.test"), problem));

        assertThat(FailureBackoff.nextAttempt(1, cause, NOW, Duration.ofDays(90)))
                .isEqualTo(NOW.plus(delay));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Property(tries = 200)
    void itIsNeverTriedBeforeTheCaWantsToBeAskedAgain(
            @ForAll @IntRange(min = 1, max = 10) int failures, @ForAll @IntRange(max = 10 * 24 * 3600) int asked) {
        Instant own = FailureBackoff.nextAttempt(failures, new IOException("no"), NOW, null);
        Instant retryAt = NOW.plusSeconds(asked);
        Problem problem = new Problem("about:blank", null, "too many", 429, null, null, List.of());

        for (IOException cause : List.of(
                new AcmeProblemException("asking", problem, retryAt),
                new AcmeTimeoutException("late", "https://ca.example/order/1", retryAt))) {
            assertThat(FailureBackoff.nextAttempt(failures, cause, NOW, null))
                    .isEqualTo(earlier(own.isAfter(retryAt) ? own : retryAt, NOW.plus(RenewalRule.LONGEST_HOLD)));
        }
    }
}
