package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left is rounded down, in the table as on the page, in a mail and as JSON. */
class SpanTest {

    @ParameterizedTest
    @CsvSource({
        "P30D, 30, 30.0, 30 days",
        "PT719H59M59S, 29, 29.9, 29 days",
        "PT696H, 29, 29.0, 29 days",
        "PT47H59M, 1, 1.9, 47 hours",
        "PT11H, 0, 0.4, 11 hours",
        "PT1S, 0, 0.0, a minute",
        "-PT1H, -1, -0.1, 60 minutes",
        "-PT36H, -2, -1.5, 36 hours"
    })
    void daysAreRoundedDownAlike(Duration left, long days, String tenths, String words) {
        assertThat(Span.days(left)).isEqualTo(days);
        assertThat(Span.tenthsOfDays(left)).isEqualTo(tenths);
        assertThat(Span.words(left)).isEqualTo(words);
    }
}
