package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import okhttp3.Headers;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checklist item 11. acme4j fails at Retry-After 0 and at a skewed clock: a negative wait. */
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.25Z");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "' 3 ',3", "007,7", "86400,86400", "31536000,31536000"})
    void secondsCountFromNow(String header, long seconds) {
        assertThat(retryAfter(header, null)).isEqualTo(NOW.plusSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"31536001", "9999999999", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void anAbsurdWaitIsAYear(String header) {
        assertThat(retryAfter(header, null)).isEqualTo(NOW.plus(Duration.ofDays(365)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "1s", "+1", "１", "2026-11-22T12:00:00Z"})
    void whatMakesNoSenseIsNoAnswer(String header) {
        assertThat(retryAfter(header, null)).isNull();
    }

    @Test
    void noHeaderIsNoAnswer() {
        assertThat(new HttpReply("https://ca.example/", 200, Headers.of(), ByteString.EMPTY, NOW).retryAfter())
                .isNull();
    }

    @Property
    void aDateIsTakenByTheServersClock(
            @ForAll @LongRange(min = -400_000_000, max = 400_000_000) long skew,
            @ForAll @LongRange(min = 0, max = 31_536_000) long seconds) {
        Instant serverNow = Instant.parse("2026-11-22T12:00:00Z").plusSeconds(skew);
        Instant retryAfter = retryAfter(date(serverNow.plusSeconds(seconds)), date(serverNow));
        assertThat(retryAfter).isEqualTo(NOW.plusSeconds(seconds));
    }

    @Test
    void withoutTheServersClockADateIsTakenByOurs() {
        assertThat(retryAfter("Sun, 22 Nov 2026 12:00:10 GMT", null)).isEqualTo("2026-11-22T12:00:10Z");
        assertThat(retryAfter("Sun, 22 Nov 2026 12:00:10 GMT", "nonsense")).isEqualTo("2026-11-22T12:00:10Z");
    }

    @Property
    void theWaitIsNeverNegativeAndNeverLongerThanAYear(
            @ForAll @LongRange(min = -10_000_000_000L, max = 200_000_000_000L) long at,
            @ForAll @LongRange(min = 0, max = 200_000_000_000L) long serverTime) {
        for (String header : new String[] {date(Instant.ofEpochSecond(at)), Long.toString(Math.abs(at))}) {
            assertThat(retryAfter(header, date(Instant.ofEpochSecond(serverTime))))
                    .isBetween(NOW, NOW.plus(Duration.ofDays(365)));
        }
    }

    @Property
    void anyTextIsSurvived(@ForAll String header) {
        Instant at = RetryAfter.parse(header, null, null, NOW);
        assertThat(at == null || !at.isBefore(NOW)).isTrue();
    }

    private static String date(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    private static @Nullable Instant retryAfter(String header, @Nullable String date) {
        Headers.Builder headers = new Headers.Builder().addUnsafeNonAscii("Retry-After", header);
        if (date != null) {
            headers.add("Date", date);
        }
        return new HttpReply("https://ca.example/", 200, headers.build(), ByteString.EMPTY, NOW).retryAfter();
    }
}
