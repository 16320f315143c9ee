package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.RenewalTime;
import org.wucme.cli.Span;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.ManagerStatus;
import org.wucme.manage.RenewalWindow;
import org.wucme.store.ActiveManager;
import org.wucme.store.AriChoice;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;
import org.wucme.store.Origin;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

class ReportTest {

    private static final String NAME = "www.example.org";

    private static CertificateReport report(double daysOld, double lifetime, UnaryOperator<RenewalRecord> change) {
        return Samples.report(Samples.stored(daysOld, lifetime, change, NAME));
    }

    private static CertificateReport report(double daysOld, double lifetime) {
        return report(daysOld, lifetime, UnaryOperator.identity());
    }

    private static IssuedCertificate life(CertificateReport report) {
        return Objects.requireNonNull(report.life());
    }

    private static List<String> texts(CertificateReport report) {
        return report.flaws().stream().map(Flaw::text).toList();
    }

    @Test
    void aCurrentCertificateIsWell() {
        CertificateReport report = report(30, 90);

        assertThat(report.health()).isEqualTo(Health.OK);
        assertThat(report.flaws()).isEmpty();
        assertThat(report.identifiers()).containsExactly(NAME);
        IssuedCertificate life = life(report);
        assertThat(life.issuer()).isEqualTo("E7");
        assertThat(life.lifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(life.renewal())
                .isEqualTo(new RenewalWindow(
                        Samples.daysAhead(30), Samples.daysAhead(60), Samples.daysAhead(30), false, null));
    }

    @Test
    void theWindowIsTheOneThatTheCaSuggested() {
        RenewalTime time = new RenewalTime(Samples.daysAhead(9), Samples.daysAhead(12), Samples.daysAhead(10));
        CertificateReport report = report(
                30,
                90,
                record -> record.withRenewalInfo(new AriChoice(time, "https://ca.example/why", Samples.daysAhead(1))));

        assertThat(life(report).renewal())
                .isEqualTo(new RenewalWindow(
                        time.windowStart(), time.windowEnd(), time.chosen(), true, "https://ca.example/why"));
    }

    @Test
    void aCaThatWantsItLateDoesNotPutOffTheLastCall() {
        RenewalTime time = new RenewalTime(Samples.daysAhead(59), Samples.daysAhead(61), Samples.daysAhead(59.5));
        CertificateReport report =
                report(30, 90, record -> record.withRenewalInfo(new AriChoice(time, null, Samples.daysAhead(1))));

        assertThat(life(report).renewal().due()).isEqualTo(Samples.daysAhead(55.5));
    }

    @ParameterizedTest
    @CsvSource({
        // just due: the manager, or a daily run, has a day to renew it
        "61, 90, OK, ''",
        "63, 90, ATTENTION, it has been due for 3 days",
        "80, 90, ATTENTION, it has been due for 20 days",
        "82, 90, FAILING, it expires in 8 days",
        "89.9, 90, FAILING, it expires in 2 hours",
        "90, 90, FAILING, it expired",
        "95, 90, FAILING, it expired 5 days ago",
        "-0.5, 90, FAILING, it is not valid before 12 hours from now",
        "0.75, 1, ATTENTION, it has been due for 6 hours",
        "3.5, 6, OK, ''"
    })
    void ageTellsHowItStands(double daysOld, double lifetime, Health health, String text) {
        CertificateReport report = report(daysOld, lifetime);

        assertThat(report.health()).isEqualTo(health);
        assertThat(String.join("; ", texts(report))).startsWith(text);
    }

    @Test
    void aFailureIsToldInTheCasWords() {
        Instant next = Samples.daysAhead(0.1);
        CertificateReport report = report(61, 90, record -> Samples.failing(record, 3, "the CA says: no <way>", next));

        assertThat(report.flaws())
                .containsExactly(new Flaw(Health.ATTENTION, "the last 3 attempts failed: the CA says: no <way>", next));
        assertThat(report.lastProblem()).isEqualTo("the CA says: no <way>");
        assertThat(report.nextAttempt()).isEqualTo(next);
    }

    @Test
    void whatIsOwedAndACompromisedKeyNeedAttention() {
        CertificateReport report = report(
                1,
                90,
                record ->
                        Samples.pending(record, List.of("nginx", "haproxy")).withOrigin(Origin.UNKNOWN.compromised()));

        assertThat(report.health()).isEqualTo(Health.ATTENTION);
        assertThat(texts(report)).hasSize(2).last().isEqualTo("still to be carried out: nginx, haproxy");
        assertThat(life(report).renewal().due()).isEqualTo(life(report).notBefore());
    }

    @Test
    void aDeploymentThatFailedSaysWhyAndWhenItIsTriedAgain() {
        Instant next = Samples.daysAhead(0.01);
        CertificateReport report = report(
                1,
                90,
                record -> record.withDeployments(
                        Deployments.NONE.failed(new DeploymentFailure(2, "exit code 1", next), List.of("nginx"))));

        assertThat(report.flaws())
                .containsExactly(new Flaw(
                        Health.ATTENTION,
                        "still to be carried out: nginx; the last 2 attempts failed: exit code 1",
                        next));
    }

    @Test
    void aMissingCertificateFailsOnceAnAttemptHas() {
        RenewalRecord record = Samples.record(NAME);

        assertThat(missing(record).health()).isEqualTo(Health.ATTENTION);
        CertificateReport failed = missing(Samples.failing(record, 1, "no route", null));
        assertThat(failed.health()).isEqualTo(Health.FAILING);
        assertThat(texts(failed)).hasSize(2).last().isEqualTo("the last attempt failed: no route");
        assertThat(texts(failed).get(0)).contains("not been issued", "wucme forget");
    }

    @Test
    void aCertificateThatIsNotManagedIsWellWhateverBecameOfIt() {
        RenewalRecord record =
                Samples.failing(Samples.record(NAME), 3, "no route", null).withUnmanaged(true);

        CertificateReport report = missing(record);

        assertThat(report.health()).isEqualTo(Health.OK);
        assertThat(report.isManaged()).isFalse();
    }

    private static CertificateReport missing(RenewalRecord record) {
        return Samples.report(new StoredCertificate("N", "/n", null, null, record, null));
    }

    @Test
    void whatCannotBeReadFailsAndNothingElseIsSaidOfIt() {
        CertificateReport report = Samples.report(new StoredCertificate("N", "/n", null, null, null, "no PEM"));

        assertThat(report.flaws()).containsExactly(new Flaw(Health.FAILING, "no PEM", null));
    }

    @Test
    void allTogetherStandAsTheWorstOfThem() {
        ManagerState noManager = ManagerState.none();
        StoredCertificate well = Samples.stored(1, 90, UnaryOperator.identity(), NAME);
        StoredCertificate due = Samples.stored(65, 90, UnaryOperator.identity(), NAME);

        assertThat(Report.of(Samples.status(List.of()), noManager).health()).isEqualTo(Health.OK);
        assertThat(Report.of(Samples.status(List.of(well, due, well)), noManager)
                        .health())
                .isEqualTo(Health.ATTENTION);
    }

    @Test
    void theRoleIsThatOfTheStatusAndTheCountsAreThoseOfTheProcess() {
        ActiveManager holder = new ActiveManager("www2", 7L, Samples.daysAgo(1));
        ManagerState counted = new ManagerState(ManagerState.Role.ACTIVE, "process 1", Samples.daysAgo(3), 2, 1, null);

        assertThat(counted.with(status(ManagerStatus.Role.ACTIVE, holder))).isEqualTo(counted);
        assertThat(counted.with(status(ManagerStatus.Role.STANDBY, holder)))
                .isEqualTo(new ManagerState(
                        ManagerState.Role.STANDBY, "process 7 on www2", Samples.daysAgo(1), 2, 1, null));
        assertThat(ManagerState.none().with(status(ManagerStatus.Role.NOT_STARTED, holder)))
                .isEqualTo(new ManagerState(
                        ManagerState.Role.ACTIVE, "process 7 on www2", Samples.daysAgo(1), 0, 0, null));
        assertThat(ManagerState.none().with(status(ManagerStatus.Role.NOT_STARTED, null)))
                .isEqualTo(ManagerState.none());
    }

    private static ManagerStatus status(ManagerStatus.Role role, @Nullable ActiveManager holder) {
        return new ManagerStatus(Samples.NOW, role, holder, List.of(), List.of());
    }

    @ParameterizedTest
    @CsvSource({"0, a minute", "119, a minute", "120, 2 minutes", "7199, 119 minutes", "7200, 2 hours", "172800, 2 days"
    })
    void spansAreRoundedDown(long seconds, String words) {
        assertThat(Span.words(Duration.ofSeconds(seconds))).isEqualTo(words);
        assertThat(Span.words(Duration.ofSeconds(-seconds))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        // within its life the bar is the life
        "45, 45, 50",
        "0, 0, 0",
        "90, 90, 100",
        // after its end, the bar goes on to now, for a quarter of the life at most
        "100, 90, 90",
        "100, 100, 100",
        "900, 90, 80",
        "900, 900, 100",
        // before its beginning
        "-10, 0, 10",
        "-10, -10, 0",
        "-900, 0, 20"
    })
    void aBarShowsTheLifeAndNow(double now, double day, double percent) {
        Instant start = Samples.NOW;
        IssuedCertificate life = new IssuedCertificate(
                "E7", "1", start, Samples.daysAhead(90), new RenewalWindow(start, start, start, false, null));

        assertThat(new Scale(life, Samples.daysAhead(now)).percent(Samples.daysAhead(day)))
                .isCloseTo(percent, offset(0.01));
    }
}
