package org.wucme.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Ca;
import org.wucme.acme.ClockDifference;
import org.wucme.cli.doctor.Finding.Grade;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** The clock, and what the record tells. */
class HistoryTest {

    private static final Instant NOW = Instant.parse("2026-11-22T00:20:00Z");

    @Test
    void clocksMayDifferALittle() {
        assertThat(Clocks.compare(new ClockDifference(NOW, NOW.plusSeconds(50))).grade())
                .isEqualTo(Grade.OK);
        assertThat(Clocks.compare(new ClockDifference(NOW, NOW.plusSeconds(600))))
                .isEqualTo(Finding.warning(
                        "clock", "it is 10 minutes behind the CA's: certificates may look expired, or not valid yet"));
        assertThat(Clocks.compare(new ClockDifference(NOW.plusSeconds(7200), NOW))
                        .grade())
                .isEqualTo(Grade.PROBLEM);
        assertThat(Clocks.compare(new ClockDifference(NOW.minusSeconds(86_400), NOW))
                        .text())
                .startsWith("it is 24 hours behind the CA's: ");
        assertThat(Clocks.compare(new ClockDifference(NOW.minusSeconds(259_199), NOW))
                        .text())
                .startsWith("it is 3 days behind the CA's: ");
        assertThat(Clocks.compare(new ClockDifference(NOW.plusSeconds(80), NOW)).text())
                .startsWith("it is a minute ahead of the CA's: ");
    }

    @Test
    void nothingIsHeldAgainstANewName() {
        assertThat(examine(record()))
                .containsExactly(Finding.ok("limits", "www.example.test: nothing is held against it"));
    }

    @Test
    void failuresAndThePauseAfterThemAreTold() {
        RenewalRecord failed =
                with(new Attempts(3, "connection refused", List.of(), NOW.plusSeconds(60), null, null, null));

        assertThat(examine(failed))
                .extracting(Finding::text)
                .containsExactly(
                        "www.example.test: the last 3 attempts failed: connection refused",
                        "www.example.test: not to be tried again before 2026-11-22T00:21:00Z");
    }

    @Test
    void fiveFailedAuthorizationsWithinAnHourAreTooMany() {
        List<Finding> often = examine(failedOften(NOW.minusSeconds(60)));

        assertThat(often).extracting(Finding::grade).containsExactly(Grade.PROBLEM);
        assertThat(often.get(0).text()).endsWith(" not to be tried again before 2026-11-22T01:19:00Z");
    }

    @Test
    void failedAuthorizationsOfOtherCertificatesWithTheNameCountToo() {
        StoredCertificate one = stored("ONE", record());
        StoredCertificate other = stored("OTHER", failedOften(NOW.minusSeconds(60)));

        assertThat(Limits.examine(one, List.of(one, other), NOW))
                .extracting(Finding::grade)
                .containsExactly(Grade.PROBLEM);
    }

    @ParameterizedTest
    @ValueSource(longs = {3700, -60})
    void failedAuthorizationsOfLongAgoOrOfAWrongClockCountNoMore(long secondsAgo) {
        List<Finding> found = examine(failedOften(NOW.minusSeconds(secondsAgo)));

        assertThat(found).extracting(Finding::grade).containsExactly(Grade.OK);
    }

    private static List<Finding> examine(RenewalRecord record) {
        StoredCertificate certificate = stored("ONE", record);
        return Limits.examine(certificate, List.of(certificate), NOW);
    }

    private static StoredCertificate stored(String name, RenewalRecord record) {
        return new StoredCertificate(name, "/" + name, null, null, record, null);
    }

    private static RenewalRecord record() {
        return RenewalRecord.of(CertificateSpec.builder("www.example.test")
                .ca(Ca.of("https://ca.example/directory"))
                .build());
    }

    private static RenewalRecord failedOften(Instant at) {
        return with(new Attempts(0, null, Collections.nCopies(5, at), null, null, null, null));
    }

    private static RenewalRecord with(Attempts attempts) {
        return record().withAttempts(attempts);
    }
}
