package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.AriChoice;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Certificates of seconds, minutes and hours, as private CAs issue them. */
class ShortLifetimeTest {

    private static final Instant START = Instant.parse("2026-11-22T20:20:27.345Z");
    private static final int RENEWALS = 200;

    private final Random random = new Random(1);

    @ParameterizedTest
    @ValueSource(strings = {"PT10S", "PT20S", "PT1M", "PT3M", "PT10M", "PT1H", "PT24H"})
    void itIsRenewedAtHalfOfItAndNotSooner(Duration lifetime) {
        Instant now = START;
        for (int i = 0; i < RENEWALS; i++) {
            Validity validity = new Validity(now, now.plus(lifetime));
            now = nextAttempt(validity, null, now);

            assertThat(now).isBetween(validity.dueAt(), validity.dueAt().plusSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT20S", "PT1M", "PT3M", "PT10M", "PT1H", "PT24H"})
    void aFewFailuresDoNotLetItExpire(Duration lifetime) {
        Validity validity = new Validity(START, START.plus(lifetime));
        RenewalRecord record = record();
        Instant now = START;
        for (int failures = 0; failures < 5; failures++) {
            now = nextAttempt(validity, record, now);
            record = Failure.recorded(
                    record, new IOException("no"), now, lifetime, new CaChoice(List.of(), CaChoice.USUAL_FAILURES));
        }

        assertThat(nextAttempt(validity, record, now)).isBefore(validity.end());
    }

    @ParameterizedTest
    @CsvSource({"PT20S, PT5S", "PT2M, PT30S", "PT10M, PT1M", "PT1H, PT3M"})
    void nearTheEndThereIsTimeLeftForAnIssuanceWhateverTheCaSuggests(Duration lifetime, Duration left) {
        Validity validity = new Validity(START, START.plus(lifetime));
        Instant late = validity.end().minusMillis(1);
        RenewalTime suggested = new RenewalTime(late, validity.end(), late);
        RenewalRecord record = RecordBuilder.of(record())
                .ari(new AriChoice(suggested, null, validity.end()))
                .build();

        assertThat(nextAttempt(validity, record, START))
                .isBetween(
                        validity.end().minus(left).minusSeconds(3),
                        validity.end().minus(left).plusSeconds(1));
    }

    @Test
    void aFailureThatNoRecordTellsOfHoldsItBackForAPartOfItsLifetimeOnly() {
        X509Certificate leaf = new HeldCertificate.Builder()
                .validityInterval(
                        START.toEpochMilli(), START.plus(Duration.ofHours(6)).toEpochMilli())
                .build()
                .certificate();
        StoredCertificate stored =
                new StoredCertificate("A", "A.PEM", new CertificateChain(List.of(leaf)), null, record(), null);
        Outcome.Failed failed = new Outcome.Failed(stored, new IOException("the disk is full"), null);

        assertThat(ManagerLoop.heldUntil(9, failed, START)).isEqualTo(START.plus(Duration.ofMinutes(12)));
    }

    private static RenewalRecord record() {
        return RecordBuilder.of(List.of(Identifier.dns("a.test")), "https://ca.example/directory")
                .build();
    }

    /** When a certificate is to be renewed, seen from a moment. */
    private Instant nextAttempt(Validity validity, @Nullable RenewalRecord record, Instant from) {
        CertificateState state = new CertificateState(
                "A",
                List.of(Identifier.dns("a.test")),
                validity,
                record,
                null,
                false,
                record != null && record.renewalInfo() != null,
                null);
        List<CertificateState> all = List.of(state);
        Instant now = from;
        Plan plan = plan(all, now);
        while (!plan.decisions().containsKey("A")) {
            now = plan.nextWake();
            plan = plan(all, now);
        }
        assertThat(Objects.requireNonNull(plan.decisions().get("A"))).isEqualTo(new RenewalDecision.Renew());
        return now;
    }

    private Plan plan(List<CertificateState> all, Instant now) {
        return Plan.of(new Plan.State(all, Set.of(), CheckInterval.of(all), random), now);
    }
}
