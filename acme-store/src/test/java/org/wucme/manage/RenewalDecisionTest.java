package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.DueDate;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

class RenewalDecisionTest {

    private static final Instant START = Instant.parse("2026-11-22T20:20:27Z");
    private static final HeldCertificate ANY_KEY = new HeldCertificate.Builder().build();

    @ParameterizedTest
    @CsvSource({
        "P90D, P60D",
        "P45D, P30D",
        "P10D, P6DT16H",
        "PT239H59M58S, PT119H59M59S",
        "P6D, P3D",
        "PT160H, PT80H",
        "PT2S, PT1S"
    })
    void aCertificateIsDueWhenAThirdOfItsLifetimeIsLeftOrHalfIfThatIsUnderTenDays(
            Duration lifetime, Duration untilDue) {
        StoredCertificate stored = stored(certificate(lifetime), null);
        Instant due = START.plus(untilDue);

        assertThat(decide(stored, due.minusNanos(1))).isEqualTo(new RenewalDecision.Wait(due));
        assertThat(decide(stored, due)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void afterAFailureItIsHeldBackUntilTheNextAttempt() {
        Instant due = START.plus(Duration.ofDays(60));
        Instant next = due.plus(Duration.ofMinutes(10));
        StoredCertificate stored = stored(
                certificate(Duration.ofDays(90)),
                record().failures(2).nextAttempt(next).build());

        assertThat(decide(stored, next.minusNanos(1))).isEqualTo(new RenewalDecision.Wait(next));
        assertThat(decide(stored, next)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void aNextAttemptInThePastMakesNothingDueEarlier() {
        StoredCertificate stored = stored(
                certificate(Duration.ofDays(90)), record().nextAttempt(START).build());

        assertThat(decide(stored, START.plusSeconds(1)))
                .isEqualTo(new RenewalDecision.Wait(START.plus(Duration.ofDays(60))));
    }

    @Test
    void whatCannotBeReadNeedsHelpHoweverLateItIs() {
        StoredCertificate broken = new StoredCertificate(
                "N",
                "N.PEM",
                new CertificateChain(List.of(certificate(Duration.ofDays(90)))),
                null,
                null,
                "N.PEM is not understood");

        assertThat(decide(broken, START.plus(Duration.ofDays(100))))
                .isEqualTo(new RenewalDecision.NeedsHelp("N.PEM is not understood"));
    }

    @Test
    void whatWasNeverIssuedNeedsHelp() {
        StoredCertificate neverIssued = new StoredCertificate("N", "N.PEM", null, null, record().build(), null);

        assertThat(decide(neverIssued, START))
                .isInstanceOfSatisfying(
                        RenewalDecision.NeedsHelp.class,
                        help -> assertThat(help.problem()).contains("never issued"));
    }

    @Test
    void aCertificateThatNamesNothingNeedsHelp() {
        X509Certificate nameless = new HeldCertificate.Builder()
                .keyPair(ANY_KEY.keyPair())
                .commonName("somebody")
                .validityInterval(START.toEpochMilli(), START.plusSeconds(60).toEpochMilli())
                .build()
                .certificate();

        assertThat(decide(stored(nameless, null), START.plusSeconds(60)))
                .isInstanceOfSatisfying(
                        RenewalDecision.NeedsHelp.class,
                        help -> assertThat(help.problem()).contains("no names"));
    }

    @Property(tries = 200)
    void nothingIsDueBeforeHalfOfItsLifetimeNorLaterThanAtTwoThirds(
            @ForAll @LongRange(min = 2, max = 400L * 24 * 3600) long seconds) {
        Duration lifetime = Duration.ofSeconds(seconds);

        Duration used = Duration.between(START, RenewalDecision.dueAt(certificate(lifetime)));

        assertThat(used.multipliedBy(2)).isGreaterThanOrEqualTo(lifetime);
        assertThat(used.multipliedBy(3))
                .isLessThanOrEqualTo(lifetime.multipliedBy(2).plusSeconds(1));
        if (lifetime.compareTo(DueDate.SHORT_LIFETIME) >= 0) {
            assertThat(used.multipliedBy(3)).isGreaterThanOrEqualTo(lifetime.multipliedBy(2));
        }
    }

    @Property(tries = 200)
    void everythingIsDueWhenItExpires(@ForAll @LongRange(min = 1, max = 400L * 24 * 3600) long seconds) {
        StoredCertificate stored = stored(certificate(Duration.ofSeconds(seconds)), null);

        assertThat(decide(stored, START.plusSeconds(seconds))).isEqualTo(new RenewalDecision.Renew());
    }

    @Property(tries = 200)
    void itWaitsExactlyUntilItIsDueAndNotHeldBack(
            @ForAll @LongRange(min = 1, max = 100L * 24 * 3600) long seconds,
            @ForAll @IntRange(max = 120 * 24 * 3600) int heldBack,
            @ForAll @IntRange(max = 120 * 24 * 3600) int passed) {
        X509Certificate certificate = certificate(Duration.ofSeconds(seconds));
        Instant nextAttempt = START.plusSeconds(heldBack);
        Instant now = START.plusSeconds(passed);

        RenewalDecision decision =
                decide(stored(certificate, record().nextAttempt(nextAttempt).build()), now);

        boolean isHeldBack = now.isBefore(nextAttempt) && !nextAttempt.isAfter(now.plus(RenewalRule.LONGEST_HOLD));
        boolean isDue = !now.isBefore(RenewalDecision.dueAt(certificate)) && !isHeldBack;
        assertThat(decision instanceof RenewalDecision.Renew).isEqualTo(isDue);
        if (decision instanceof RenewalDecision.Wait wait) {
            assertThat(wait.until()).isAfter(now).isIn(nextAttempt, RenewalDecision.dueAt(certificate));
        }
    }

    private static RenewalDecision decide(StoredCertificate stored, Instant now) {
        return RenewalRule.decide(CertificateState.of(stored, new PlanSettings(false, null)), now, now);
    }

    private static StoredCertificate stored(X509Certificate certificate, @Nullable RenewalRecord renewal) {
        return new StoredCertificate("N", "N.PEM", new CertificateChain(List.of(certificate)), null, renewal, null);
    }

    private static RecordBuilder record() {
        return RecordBuilder.of(List.of(Identifier.dns("www.example.test")), "https://ca.example/directory")
                .keyType(KeyType.EC_P256);
    }

    private static X509Certificate certificate(Duration lifetime) {
        return new HeldCertificate.Builder()
                .keyPair(ANY_KEY.keyPair())
                .addSubjectAlternativeName("www.example.test")
                .validityInterval(START.toEpochMilli(), START.plus(lifetime).toEpochMilli())
                .build()
                .certificate();
    }
}
