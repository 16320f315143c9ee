package org.wucme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceWindowTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long TWO_YEARS_IN_MINUTES = 2 * 365 * 24 * 60;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "02:00-05:00 | 2026-11-30T01:59:59Z | 2026-11-30T02:00:00Z",
                "daily 02:00-05:00 UTC | 2026-11-30T04:59:59Z | 2026-11-30T04:59:59Z",
                "daily 02:00-05:00 UTC | 2026-11-30T05:00:00Z | 2026-12-01T02:00:00Z",
                "Mon-Fri 22:00-04:00 Europe/Berlin | 2026-12-05T02:59:59Z | 2026-12-05T02:59:59Z",
                "Mon-Fri 22:00-04:00 Europe/Berlin | 2026-12-05T03:00:00Z | 2026-12-07T21:00:00Z",
                "Sat+Sun 00:00-24:00 UTC | 2026-11-30T00:00:00Z | 2026-12-05T00:00:00Z",
                "Sat-Mon 10:00-11:00 UTC | 2026-11-30T10:30:00Z | 2026-11-30T10:30:00Z",
                "Mon 22:00-04:00, Sun 02:00-06:00 UTC | 2026-12-01T04:00:00Z | 2026-12-06T02:00:00Z",
                "sunday 02:00-06:00 America/New_York | 2026-11-30T00:00:00Z | 2026-12-06T07:00:00Z",
                "daily 00:00-00:00 UTC | 2026-11-30T12:00:00Z | 2026-11-30T12:00:00Z",
            })
    void isOpenInItsHoursInItsTimeZone(String text, Instant moment, Instant open) {
        MaintenanceWindow window = MaintenanceWindow.of(text, ZoneOffset.UTC);

        assertThat(window.nextOpen(moment)).isEqualTo(open);
        assertThat(window.isOpen(moment)).isEqualTo(moment.equals(open));
    }

    @ParameterizedTest
    @CsvSource({
        // Clocks go from 02:00 to 03:00: the hour that is skipped comes after the gap.
        "Sun 02:00-03:00 Europe/Berlin, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z, PT1H",
        "Sun 01:30-03:30 Europe/Berlin, 2026-03-29T00:00:00Z, 2026-03-29T00:30:00Z, PT1H",
        // Clocks go back from 03:00 to 02:00: it is open twice that hour.
        "Sun 02:00-03:30 Europe/Berlin, 2026-10-24T23:00:00Z, 2026-10-25T00:00:00Z, PT2H30M",
    })
    void isOpenOnDaysWhenClocksChange(String text, Instant moment, Instant opens, Duration length) {
        MaintenanceWindow window = MaintenanceWindow.of(text, ZoneOffset.UTC);

        assertThat(window.nextOpen(moment)).isEqualTo(opens);
        assertThat(window.isOpen(opens.plus(length).minusNanos(1))).isTrue();
        assertThat(window.isOpen(opens.plus(length))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "night",
                "2:00-5:00",
                "02:00",
                "02:00-25:00",
                "24:30-25:00",
                "Mon-Fry 02:00-05:00",
                "02:00-05:00,",
                "02:00-05:00 Mars/Olympus",
                "Mon- 02:00-05:00",
                "Mon+ 02:00-05:00",
                "02:60-03:00",
                "Mon Tue 02:00-05:00",
            })
    void whatIsNoWindowIsRefusedWithWhatToWrite(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaintenanceWindow.of(text, ZoneOffset.UTC))
                .withMessageContaining("write");
    }

    @Property(tries = 300)
    void theNextOpenMomentIsOpenAndNoneBeforeItIs(
            @ForAll("windows") MaintenanceWindow window, @ForAll @LongRange(max = TWO_YEARS_IN_MINUTES) long minutes) {
        Instant moment = START.plus(Duration.ofMinutes(minutes));

        Instant open = window.nextOpen(moment);

        assertThat(open).isBetween(moment, moment.plus(Duration.ofDays(8)));
        assertThat(window.isOpen(open)).isTrue();
        for (Instant before = moment; before.isBefore(open); before = before.plus(Duration.ofMinutes(37))) {
            assertThat(window.isOpen(before)).as("open at %s", before).isFalse();
        }
        ZonedDateTime local = open.atZone(window.zone());
        assertThat(local.getSecond()).isZero();
    }

    @Property(tries = 200)
    void itsTextIsReadAgain(@ForAll("windows") MaintenanceWindow window) {
        assertThat(MaintenanceWindow.of(window.toString(), ZoneOffset.MIN)).isEqualTo(window);
    }

    @Provide
    Arbitrary<MaintenanceWindow> windows() {
        Arbitrary<String> time = Arbitraries.integers()
                .between(0, 24 * 60 - 1)
                .map(minutes -> "%02d:%02d".formatted(minutes / 60, minutes % 60));
        Arbitrary<String> days = Arbitraries.of("daily", "Mon", "Fri-Mon", "Tue+Thu", "Sat+Sun", "Mon-Wed+Sun");
        Arbitrary<String> hours =
                Combinators.combine(days, time, time).as((day, from, until) -> day + " " + from + "-" + until);
        Arbitrary<ZoneId> zones = Arbitraries.of(
                        "UTC",
                        "Europe/Berlin",
                        "America/New_York",
                        "Asia/Kathmandu",
                        "Australia/Lord_Howe",
                        "Pacific/Apia")
                .map(ZoneId::of);
        return Combinators.combine(hours.list().ofMinSize(1).ofMaxSize(3), zones)
                .as((each, zone) -> MaintenanceWindow.of(String.join(", ", each), zone));
    }
}
