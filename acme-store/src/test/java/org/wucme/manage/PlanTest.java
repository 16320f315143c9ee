package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.store.AriChoice;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;

class PlanTest {

    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(90));
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void theCaIsAskedWithinTheFirstHourAndAgainWhenItWantsToBe() {
        CertificateState fresh = certificate(record());
        Instant again = START.plus(HOUR).plus(HOUR);
        CertificateState asked = certificate(record().ari(new AriChoice(null, null, again)));

        assertThat(decide(fresh, START.plus(Duration.ofMinutes(15)).minusSeconds(1)))
                .isInstanceOf(RenewalDecision.Wait.class);
        assertThat(decide(fresh, START.plus(Duration.ofMinutes(30)))).isEqualTo(new RenewalDecision.AskRenewalInfo());
        assertThat(decide(asked, again.minusSeconds(1))).isInstanceOf(RenewalDecision.Wait.class);
        assertThat(decide(asked, again)).isEqualTo(new RenewalDecision.AskRenewalInfo());
    }

    @Test
    void whoLooksLessOftenThanHourlyAsksAtTheFirstLookAfterTheIssuance() {
        CertificateState fresh = certificate(record().obtained(START));

        assertThat(decide(fresh, START, DAY)).isInstanceOf(RenewalDecision.Wait.class);
        assertThat(decide(fresh, START.plusSeconds(1), DAY)).isEqualTo(new RenewalDecision.AskRenewalInfo());
    }

    @Test
    void ofAThousandCertificatesOfOneMomentOnlyAFewAreAskedForInTheSameMinute() {
        List<CertificateState> all = IntStream.range(0, 1000)
                .mapToObj(i -> {
                    RenewalRecord renewal = record().obtained(START).build();
                    return new CertificateState(
                            "HOST" + i + "_EXAMPLE", names("a.test"), validity(), renewal, null, false, true, null);
                })
                .toList();
        long before = 0;
        for (int minute = 0; minute <= 30; minute++) {
            Instant now = START.plus(Duration.ofMinutes(minute));
            long asked = all.stream()
                    .filter(each ->
                            RenewalRule.decide(each, now, now.plus(HOUR)) instanceof RenewalDecision.AskRenewalInfo)
                    .count();
            assertThat(asked - before).isLessThan(150);
            before = asked;
        }
        assertThat(before).isEqualTo(1000);
    }

    @Test
    void theFirstQuestionForAShortCertificateComesWithinATenthOfItsLifetime() {
        Validity validity = new Validity(START, START.plus(Duration.ofMinutes(10)));
        CertificateState fresh =
                new CertificateState("N", names("a.test"), validity, record().build(), null, false, true, null);

        assertThat(RenewalRule.decide(fresh, START.plusSeconds(5), START.plusSeconds(15)))
                .isInstanceOf(RenewalDecision.Wait.class);
        assertThat(RenewalRule.decide(fresh, START.plusSeconds(30), START.plusSeconds(40)))
                .isEqualTo(new RenewalDecision.AskRenewalInfo());
    }

    @Test
    void anAnswerFromTheFutureOfAWrongClockIsNotWaitedFor() {
        CertificateState asked = certificate(record().ari(new AriChoice(null, null, START.plus(Duration.ofDays(400)))));

        assertThat(decide(asked, START.plus(DAY))).isEqualTo(new RenewalDecision.AskRenewalInfo());
    }

    @Test
    void theCaIsNotAskedAfterExpiryNorNearTheEndNorOfACertificateFromElsewhere() {
        CertificateState known = certificate(record());
        CertificateState foreign =
                new CertificateState("N", names("a.test"), validity(), null, null, false, true, null);

        assertThat(decide(known, END.plusSeconds(1))).isEqualTo(new RenewalDecision.Renew());
        assertThat(decide(known, END.minus(Duration.ofDays(4)))).isEqualTo(new RenewalDecision.Renew());
        assertThat(decide(foreign, START.plus(DAY))).isInstanceOf(RenewalDecision.Wait.class);
    }

    @Test
    void itIsRenewedAtTheMomentThatWasChosenAndNotByItsLifetime() {
        Instant chosen = START.plus(Duration.ofDays(70));
        CertificateState certificate =
                suggested(START.plus(Duration.ofDays(69)), chosen, START.plus(Duration.ofDays(71)));

        assertThat(decide(certificate, chosen.minusSeconds(1), Duration.ZERO))
                .isEqualTo(new RenewalDecision.Wait(chosen));
        assertThat(decide(certificate, chosen, Duration.ZERO)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void whatIsChosenBeforeTheNextLookIsRenewedNow() {
        Instant chosen = START.plus(Duration.ofDays(70));
        CertificateState certificate =
                suggested(START.plus(Duration.ofDays(65)), chosen, START.plus(Duration.ofDays(75)));

        assertThat(decide(certificate, chosen.minus(DAY).minusSeconds(1), DAY))
                .isEqualTo(new RenewalDecision.Wait(chosen));
        assertThat(decide(certificate, chosen.minus(DAY).plusSeconds(1), DAY)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void aWindowThatIsNotOpenYetIsWaitedForIfItIsStillOpenAtTheNextLook() {
        Instant now = START.plus(Duration.ofDays(70));
        Instant opens = now.plus(HOUR);
        Instant chosen = opens.plus(HOUR);

        assertThat(decide(suggested(opens, chosen, now.plus(DAY).plusSeconds(1)), now, DAY))
                .isEqualTo(new RenewalDecision.Wait(chosen));
        assertThat(decide(suggested(opens, chosen, now.plus(DAY)), now, DAY)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void nearTheEndItIsRenewedWhateverTheCaSuggests() {
        CertificateState certificate = suggested(END.minus(HOUR), END.minus(Duration.ofMinutes(30)), END);
        Instant twentieth = END.minus(Duration.ofHours(108));

        assertThat(decide(certificate, twentieth.minusSeconds(1), HOUR)).isInstanceOf(RenewalDecision.Wait.class);
        assertThat(decide(certificate, twentieth, HOUR)).isEqualTo(new RenewalDecision.Renew());
        assertThat(decide(certificate, END.minus(Duration.ofDays(6)), Duration.ofDays(2)))
                .isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void whatWasChosenBeyondTheEndIsNoSuggestion() {
        CertificateState certificate = suggested(START.minus(DAY), END.plusSeconds(1), END.plus(DAY));
        Instant due = START.plus(Duration.ofDays(60));

        assertThat(decide(certificate, due.minusSeconds(1))).isEqualTo(new RenewalDecision.Wait(due));
        assertThat(decide(certificate, due)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void aCompromisedKeyMakesItDueAtOnce() {
        CertificateState certificate = certificate(record().keyCompromised(true));

        assertThat(decide(certificate, START.plusSeconds(1))).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void whatIsWantedAndMissingIsObtained() {
        CertificateState missing =
                new CertificateState("N", names("a.test"), null, record().build(), null, true, true, null);

        assertThat(decide(missing, START)).isEqualTo(new RenewalDecision.Renew());
    }

    @Test
    void whatIsInProgressIsNotBegunAgain() {
        CertificateState due = due("A", "a.test");

        Plan plan = Plan.of(new Plan.State(List.of(due), Set.of("A"), HOUR, new Random(1)), END);

        assertThat(plan.decisions()).isEmpty();
    }

    @Test
    void theOneThatExpiresFirstIsRenewedFirst() {
        CertificateState later = due("LATER", "a.test");
        CertificateState sooner = new CertificateState(
                "SOONER",
                names("b.test"),
                new Validity(START, END.minus(DAY)),
                record().build(),
                null,
                false,
                false,
                null);

        assertThat(plan(END, later, sooner).decisions().keySet()).containsExactly("SOONER", "LATER");
    }

    @Test
    void noMoreThanFiveFailuresAnHourAreRiskedForAName() {
        Instant failed = END.minus(Duration.ofMinutes(50));
        CertificateState one =
                certificate("ONE", names("a.test"), record().failedAuthorizations(Collections.nCopies(3, failed)));
        CertificateState two = certificate("TWO", names("*.a.test"), record());
        CertificateState three = certificate("THREE", names("a.test", "b.test"), record());
        CertificateState other = certificate("OTHER", names("c.test"), record());

        Plan plan = plan(END, one, two, three, other);

        assertThat(plan.decisions())
                .containsEntry("ONE", new RenewalDecision.Renew())
                .containsEntry("TWO", new RenewalDecision.Renew())
                .containsEntry("THREE", new RenewalDecision.Wait(failed.plus(HOUR)))
                .containsEntry("OTHER", new RenewalDecision.Renew());
        assertThat(plan.nextWake()).isEqualTo(failed.plus(HOUR));
    }

    @Test
    void anAttemptInProgressCountsAsAFailure() {
        Instant failed = END.minus(Duration.ofMinutes(50));
        CertificateState one =
                certificate("ONE", names("a.test"), record().failedAuthorizations(Collections.nCopies(4, failed)));
        CertificateState two = certificate("TWO", names("a.test"), record());

        Plan plan = Plan.of(new Plan.State(List.of(one, two), Set.of("ONE"), HOUR, new Random(1)), END);

        assertThat(plan.decisions()).containsEntry("TWO", new RenewalDecision.Wait(failed.plus(HOUR)));
    }

    @Test
    void failuresOfMoreThanAnHourAgoOrOfAWrongClockCountNoMore() {
        List<Instant> failures = new ArrayList<>(Collections.nCopies(5, END.minus(HOUR)));
        failures.addAll(Collections.nCopies(5, END.plusSeconds(1)));
        CertificateState one = certificate("ONE", names("a.test"), record().failedAuthorizations(failures));

        assertThat(plan(END, one).decisions()).containsEntry("ONE", new RenewalDecision.Renew());
    }

    @Test
    void theNextLookIsWhenSomethingHappensFirst() {
        Instant next = END.plus(Duration.ofMinutes(7));
        CertificateState heldBack =
                certificate("N", names("a.test"), record().failures(1).nextAttempt(next));

        assertThat(plan(END, heldBack).nextWake()).isEqualTo(next);
    }

    @Property(tries = 200)
    void theNextLookComesWithinTheIntervalAndIsSpread(@ForAll @LongRange(min = 60, max = 3600) long seconds) {
        Duration interval = Duration.ofSeconds(seconds);

        Instant wake = Plan.of(new Plan.State(List.of(), Set.of(), interval, new Random(seconds)), START)
                .nextWake();

        assertThat(wake)
                .isAfter(START.plus(interval.multipliedBy(4).dividedBy(5)))
                .isBeforeOrEqualTo(START.plus(interval));
    }

    @Test
    void theShortestLifetimeSaysHowOftenToLook() {
        assertThat(CheckInterval.of(List.of())).isEqualTo(HOUR);
        assertThat(CheckInterval.of(List.of(certificate(record())))).isEqualTo(HOUR);
        assertThat(CheckInterval.of(List.of(certificate(record()), living(Duration.ofHours(6)))))
                .isEqualTo(Duration.ofMinutes(6));
        assertThat(CheckInterval.of(List.of(living(Duration.ofMinutes(10))))).isEqualTo(Duration.ofSeconds(10));
        assertThat(CheckInterval.of(List.of(living(Duration.ofSeconds(10))))).isEqualTo(Duration.ofSeconds(1));
    }

    private static RenewalDecision decide(CertificateState certificate, Instant now) {
        return decide(certificate, now, HOUR);
    }

    private static RenewalDecision decide(CertificateState certificate, Instant now, Duration interval) {
        return RenewalRule.decide(justAsked(certificate, now), now, now.plus(interval));
    }

    // What the CA suggested it suggested just now; otherwise it would have to be asked again.
    private static CertificateState justAsked(CertificateState certificate, Instant now) {
        RenewalRecord renewal = certificate.renewal();
        AriChoice choice = renewal == null ? null : renewal.renewalInfo();
        return renewal == null || choice == null || choice.time() == null
                ? certificate
                : certificate(RecordBuilder.of(renewal).ari(new AriChoice(choice.time(), null, now.plus(HOUR))));
    }

    private static Plan plan(Instant now, CertificateState... certificates) {
        return Plan.of(new Plan.State(List.of(certificates), Set.of(), HOUR, new Random(1)), now);
    }

    private static CertificateState suggested(Instant start, Instant chosen, Instant end) {
        return certificate(
                record().ari(new AriChoice(new RenewalTime(start, end, chosen), null, chosen.plus(DAY.dividedBy(2)))));
    }

    private static CertificateState due(String name, String host) {
        return new CertificateState(name, names(host), validity(), record().build(), null, false, false, null);
    }

    private static CertificateState living(Duration lifetime) {
        return new CertificateState(
                "N", names("a.test"), new Validity(START, START.plus(lifetime)), null, null, false, true, null);
    }

    private static CertificateState certificate(RecordBuilder renewal) {
        return certificate("N", names("a.test"), renewal);
    }

    private static CertificateState certificate(
            String name, List<Identifier> identifiers, @Nullable RecordBuilder renewal) {
        return new CertificateState(
                name, identifiers, validity(), renewal == null ? null : renewal.build(), null, false, true, null);
    }

    private static Validity validity() {
        return new Validity(START, END);
    }

    private static RecordBuilder record() {
        return RecordBuilder.of(names("a.test"), "https://ca.example/directory");
    }

    private static List<Identifier> names(String... hosts) {
        return Arrays.stream(hosts).map(Identifier::dns).toList();
    }
}
