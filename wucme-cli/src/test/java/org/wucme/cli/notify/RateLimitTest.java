package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.wucme.cli.notify.Notice.Event;

class RateLimitTest {

    private final RateLimit limit = new RateLimit(5);
    private Instant now = Samples.NOW;

    private Optional<Notice> admit(Event event, String certificate) {
        return limit.admit(Samples.notice(event, certificate, now));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void theSameIsToldOnceAnHourAndThenSaysHowManyWereLeftOut() {
        assertThat(admit(Event.FAILED, "A")).isPresent();
        assertThat(admit(Event.FAILED, "A")).isEmpty();
        pass(Duration.ofMinutes(59));
        assertThat(admit(Event.FAILED, "A")).isEmpty();
        pass(Duration.ofMinutes(1));

        assertThat(admit(Event.FAILED, "A").orElseThrow().lines())
                .containsExactly("Left out since the last one like this: 2.");
        pass(Duration.ofHours(1));
        assertThat(admit(Event.FAILED, "A").orElseThrow().lines()).isEmpty();
    }

    @Test
    void anotherCertificateOrEventIsNotTheSame() {
        assertThat(admit(Event.FAILED, "A")).isPresent();
        assertThat(admit(Event.FAILED, "B")).isPresent();
        assertThat(admit(Event.EXPIRES_SOON, "A")).isPresent();
    }

    @Test
    void notMoreThanSoManyADayAreToldAndTheFirstAfterwardsSaysHowManyWereLeftOut() {
        for (int i = 0; i < 5; i++) {
            assertThat(admit(Event.RENEWED, "A" + i)).isPresent();
        }
        pass(Duration.ofHours(23));
        assertThat(admit(Event.RENEWED, "B")).isEmpty();
        assertThat(admit(Event.RENEWED, "C")).isEmpty();
        pass(Duration.ofHours(1));

        assertThat(admit(Event.RENEWED, "B").orElseThrow().lines())
                .containsExactly("Left out because there were more than 5 notices in a day: 2. The log has them.");
        assertThat(admit(Event.RENEWED, "C").orElseThrow().lines()).isEmpty();
    }

    @Test
    void anAlarmIsToldHoweverMuchElseThereIsButOnceADay() {
        for (int i = 0; i < 10; i++) {
            admit(Event.FAILED, "A" + i);
        }

        assertThat(admit(Event.EXPIRES_SOON, "A1")).isPresent();
        assertThat(admit(Event.EXPIRES_SOON, "A2")).isPresent();
        assertThat(admit(Event.EXPIRES_SOON, "A2")).isEmpty();
        pass(Duration.ofHours(1));
        assertThat(admit(Event.EXPIRES_SOON, "A2")).isEmpty();
        pass(Duration.ofHours(23));
        assertThat(admit(Event.EXPIRES_SOON, "A2").orElseThrow().lines())
                .containsExactly("Left out since the last one like this: 2.");
    }

    @Test
    void aCertificateOfHoursThatTheCaRefusesIsOneAlarmADay() {
        int told = 0;
        for (int attempt = 0; attempt < 3 * 24 * 60 / 24; attempt++) {
            told += refuse("caa forbids it").isPresent() ? 1 : 0;
            pass(Duration.ofMinutes(24));
        }

        assertThat(told).isBetween(3, 4);
    }

    @Test
    void anAlarmForAnotherReasonOrAfterASuccessIsNewsAfterAnHour() {
        assertThat(refuse("caa forbids it")).isPresent();
        pass(Duration.ofHours(1));
        assertThat(refuse("the name is on a list")).isPresent();
        assertThat(admit(Event.RENEWED, "A")).isPresent();
        pass(Duration.ofHours(1));
        assertThat(refuse("the name is on a list")).isPresent();
        pass(Duration.ofHours(1));
        assertThat(refuse("the name is on a list")).isEmpty();
    }

    private Optional<Notice> refuse(String reason) {
        return limit.admit(
                new Notice(Event.REFUSED, "A", List.of(), List.of(), "refused", reason, List.of(), now, "host"));
    }

    @Test
    void notMoreAlarmsThanThatAreToldInADayAndTheyCrowdOutNothingElse() {
        for (int i = 0; i < 10; i++) {
            assertThat(admit(Event.EXPIRES_SOON, "A" + i).isPresent()).isEqualTo(i < 5);
        }
        assertThat(admit(Event.FAILED, "B").orElseThrow().lines()).isEmpty();
        pass(Duration.ofDays(1));

        assertThat(admit(Event.EXPIRES_SOON, "A9").orElseThrow().lines())
                .containsExactly("Left out because there were more than 5 alarms in a day: 5. The log has them.");
    }

    @Test
    void aSuccessAfterAFailureThatWasToldIsAlwaysTold() {
        assertThat(admit(Event.RENEWED, "A")).isPresent();
        assertThat(admit(Event.FAILED, "A")).isPresent();
        for (int i = 0; i < 10; i++) {
            admit(Event.FAILED, "B" + i);
        }

        assertThat(admit(Event.RENEWED, "A")).isPresent();
        assertThat(admit(Event.RENEWED, "A")).isEmpty();
    }

    @Test
    void successesAfterManyFailuresAreNoFloodEither() {
        for (int i = 0; i < 10; i++) {
            admit(Event.FAILED, "A" + i);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(admit(Event.RENEWED, "A" + i).isPresent()).isEqualTo(i < 5);
        }
    }

    @Test
    void aSuccessAfterAnAlarmIsAlwaysTold() {
        admit(Event.RENEWED, "A");
        admit(Event.EXPIRES_SOON, "A");

        assertThat(admit(Event.RENEWED, "A")).isPresent();
    }

    @Test
    void aClockThatIsPutBackSilencesNobody() {
        assertThat(admit(Event.FAILED, "A")).isPresent();
        pass(Duration.ofDays(-400));

        for (int i = 0; i < 5; i++) {
            assertThat(admit(Event.FAILED, i == 0 ? "A" : "B" + i)).isPresent();
        }
    }
}
