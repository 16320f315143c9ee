package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.store.AriChoice;
import org.wucme.store.CertificateSpec;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.Origin;
import org.wucme.store.RenewalRecord;

/** A certificate of ninety days, valid from a Sunday, that is renewed on Sundays between 02:00 and 05:00. */
class MaintenanceTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(90));
    // Sixty days later, a Thursday.
    private static final Instant DUE = START.plus(Duration.ofDays(60));
    private static final Instant SUNDAY = Instant.parse("2027-01-03T02:00:00Z");
    private static final MaintenanceWindow SUNDAYS = MaintenanceWindow.of("Sun 02:00-05:00", ZoneOffset.UTC);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aDueCertificateWaitsUntilTheWindowOpens() {
        CertificateState certificate = certificate(record(), SUNDAYS);

        assertThat(decide(certificate, DUE)).isEqualTo(new RenewalDecision.Wait(SUNDAY));
        assertThat(decide(certificate, SUNDAY)).isEqualTo(new RenewalDecision.Renew());
        assertThat(decide(certificate, SUNDAY.plus(Duration.ofHours(3)).minusMillis(1)))
                .isEqualTo(new RenewalDecision.Renew());
        assertThat(decide(certificate, SUNDAY.plus(Duration.ofHours(3))))
                .isEqualTo(new RenewalDecision.Wait(SUNDAY.plus(Duration.ofDays(7))));
    }

    @Test
    void anOpenWindowMakesNothingDueSooner() {
        Instant sundayBefore = SUNDAY.minus(Duration.ofDays(7));

        assertThat(decide(certificate(record(), SUNDAYS), sundayBefore)).isEqualTo(new RenewalDecision.Wait(SUNDAY));
    }

    @Test
    void theTimeThatTheCaSuggestsWaitsForTheWindowToo() {
        RenewalTime usual = new RenewalTime(DUE, DUE.plus(Duration.ofDays(1)), DUE.plus(Duration.ofHours(5)));

        CertificateState certificate = certificate(suggested(usual), SUNDAYS);

        assertThat(decide(certificate, usual.chosen())).isEqualTo(new RenewalDecision.Wait(SUNDAY));
        assertThat(decide(certificate, usual.windowEnd().plus(MINUTE))).isEqualTo(new RenewalDecision.Wait(SUNDAY));
    }

    @Test
    void aSuggestedTimeThatHasPassedBeforeTheCertificateWasDueDoesNotWait() {
        Instant now = START.plus(Duration.ofDays(30));
        RenewalTime past = new RenewalTime(
                now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)), now.minus(Duration.ofDays(1)));

        assertThat(decide(certificate(suggested(past), SUNDAYS), now)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void aCompromisedKeyDoesNotWait() {
        Origin compromised = new Origin(null, null, START, false, true);

        assertThat(decide(certificate(record().withOrigin(compromised), SUNDAYS), DUE))
                .isEqualTo(new RenewalDecision.Renew());
    }

    @ParameterizedTest
    @CsvSource({"2027-01-21T00:00:00Z, true", "2027-01-20T23:59:00Z, false", "2027-01-31T00:00:00Z, true"})
    void aCertificateThatExpiresSoonDoesNotWait(Instant now, boolean isRenewed) {
        MaintenanceWindow afterwards = MaintenanceWindow.of("Mon 00:00-00:01", ZoneOffset.UTC);
        // The Monday before it has passed, and on the next less than a tenth of the lifetime is left.
        CertificateState certificate = certificate(record(), afterwards);

        RenewalDecision decision = decide(certificate, now);

        assertThat(decision instanceof RenewalDecision.Renew).isEqualTo(isRenewed);
        if (!isRenewed) {
            assertThat(decision).isEqualTo(new RenewalDecision.Wait(Instant.parse("2027-01-21T00:00:00Z")));
        }
    }

    @Test
    void aCertificateThatIsMissingDoesNotWait() {
        CertificateState missing = new CertificateState("A", names(), null, record(), null, true, false, SUNDAYS);

        assertThat(decide(missing, DUE)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void withoutAWindowNothingWaits() {
        assertThat(decide(certificate(record(), null), DUE)).isEqualTo(new RenewalDecision.Renew());
    }

    private static RenewalDecision decide(CertificateState certificate, Instant now) {
        RenewalRecord renewal = Objects.requireNonNull(certificate.renewal());
        AriChoice choice = Objects.requireNonNull(renewal.renewalInfo());
        AriChoice asked = new AriChoice(choice.time(), null, now.plus(Duration.ofHours(1)));
        CertificateState present = new CertificateState(
                certificate.name(),
                certificate.identifiers(),
                certificate.validity(),
                renewal.withRenewalInfo(asked),
                null,
                certificate.isWanted(),
                true,
                certificate.window());
        return RenewalRule.decide(present, now, now.plus(MINUTE));
    }

    private static CertificateState certificate(RenewalRecord renewal, @Nullable MaintenanceWindow window) {
        return new CertificateState("A", names(), new Validity(START, END), renewal, null, false, true, window);
    }

    private static List<Identifier> names() {
        return List.of(Identifier.dns("a.test"));
    }

    private static RenewalRecord record() {
        return suggested(null);
    }

    private static RenewalRecord suggested(@Nullable RenewalTime time) {
        return RenewalRecord.of(CertificateSpec.builder(names())
                        .ca(Ca.of("https://ca.example/directory"))
                        .build())
                .withRenewalInfo(new AriChoice(time, null, START));
    }
}
