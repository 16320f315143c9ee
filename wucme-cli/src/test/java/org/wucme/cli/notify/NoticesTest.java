package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeAccountException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Problem;
import org.wucme.acme.ProblemType;
import org.wucme.acme.RenewalTime;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;

class NoticesTest {

    private static final RenewalTime LATER =
            new RenewalTime(Samples.NOW, Samples.NOW.plusSeconds(7200), Samples.NOW.plusSeconds(3600));

    @Test
    void aFirstCertificateIsASuccess() {
        Notice notice = Samples.notice(new ManagerEvent.Obtained(Samples.certificate()));

        assertThat(notice.event()).isEqualTo(Notice.Event.OBTAINED);
        assertThat(notice.severity()).isEqualTo(Notice.Severity.SUCCESS);
        assertThat(notice.subject()).startsWith("www.example.org and 1 more: obtained, valid until 2027-02-");
    }

    @Test
    void aRenewalTellsNamesFileSerialNumberAndEnd() {
        Notice notice = Samples.notice(Samples.renewed());

        assertThat(notice.event()).isEqualTo(Notice.Event.RENEWED);
        assertThat(notice.certificate()).isEqualTo(Samples.NAME);
        assertThat(notice.names()).containsExactly("www.example.org", "example.org");
        assertThat(notice.files()).containsExactly("/etc/wucme/WUCME_C_WWW_EXAMPLE_ORG.PEM");
        assertThat(notice.time()).isEqualTo(Samples.NOW);
        assertThat(notice.host()).isEqualTo(Samples.HOST);
        assertThat(notice.subject()).startsWith("www.example.org and 1 more: renewed, valid until 2027-02-");
        assertThat(notice.text())
                .contains("\nNames: www.example.org, example.org\n")
                .contains("\nValid until: 2027-02-20T00:20:00Z\n")
                .contains("\nSerial number: cafe\n")
                .contains("\nStored as: /etc/wucme/WUCME_C_WWW_EXAMPLE_ORG.PEM\n");
    }

    @Test
    void aFailureTellsTheCasWordsAndTheNextAttempt() {
        Problem problem =
                new Problem("urn:ietf:params:acme:error:caa", null, "CAA forbids it", 403, null, null, List.of());
        Notice notice = Samples.notice(new ManagerEvent.Failed(
                Samples.NAME, new AcmeProblemException("validating", problem, null), Samples.NOW.plusSeconds(3600)));

        assertThat(notice.event()).isEqualTo(Notice.Event.FAILED);
        assertThat(notice.severity()).isEqualTo(Notice.Severity.FAILURE);
        assertThat(notice.names()).containsExactly("www.example.org", "example.org");
        assertThat(notice.files()).isEmpty();
        assertThat(notice.subject())
                .isEqualTo(
                        "www.example.org and 1 more: not obtained or renewed: validating: the CA says: CAA forbids it");
        assertThat(notice.text())
                .contains("\nNames: www.example.org, example.org\n")
                .contains("What was stored before is as it was. It is not tried again before ")
                .contains("(2026-11-22T01:20:01.500Z)");
    }

    @Test
    void whatIsNotKnownByItsNamesIsCalledAsInTheStore() {
        Notice notice = Samples.notice(new ManagerEvent.Failed("OTHER", new IOException("no"), null));

        assertThat(notice.subject()).isEqualTo("OTHER: not obtained or renewed: no");
        assertThat(notice.names()).isEmpty();
        assertThat(notice.text()).contains("tried again at the next occasion");
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRES_SOON, EXPIRES_SOON, ALARM: expires soon: look at it",
        "EXPIRED, EXPIRED, ALARM: has expired: look at it",
        "NEEDS_HELP, NEEDS_HELP, ALARM: needs help: look at it"
    })
    void anAlarmSaysThatAHumanMustAct(ManagerEvent.Reason reason, Notice.Event event, String subject) {
        Notice notice = Samples.notice(new ManagerEvent.Alarm(Samples.NAME, reason, "look at it"));

        assertThat(notice.event()).isEqualTo(event);
        assertThat(notice.severity()).isEqualTo(Notice.Severity.ALARM);
        assertThat(notice.subject()).isEqualTo("www.example.org and 1 more: " + subject);
        assertThat(notice.text()).contains("does not pass by itself");
    }

    private static int count(String part, String text) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theReasonStandsOnceInATextAndInASyslogMessageHoweverLongItIs(boolean isLong) {
        String why = "no such name" + (isLong ? ", and much more".repeat(20) : "");
        List<ManagerEvent> events = List.of(
                new ManagerEvent.Failed(Samples.NAME, new IOException(why), null),
                new ManagerEvent.Failed(Samples.NAME, refusal(why), null),
                new ManagerEvent.Alarm(Samples.NAME, ManagerEvent.Reason.EXPIRED, why),
                new ManagerEvent.DeploymentFailed(Samples.certificate(), "+", new IOException(why), Samples.NOW),
                new ManagerEvent.RenewalTimeChosen(Samples.NAME, null, LATER, why));

        for (ManagerEvent event : events) {
            Notice notice = Samples.notice(event);
            assertThat(count(why, notice.text())).as(notice.text()).isOne();
            assertThat(count("no such name", notice.text())).isOne();
            assertThat(count("no such name", SyslogMessage.words(notice))).isOne();
            assertThat(notice.subject()).contains("no such name");
        }
    }

    @Test
    void aFailureThatNeedsAHumanIsOneAlarmThoughTheManagerTellsOfItTwice() {
        ManagerEvent failed = new ManagerEvent.Failed(Samples.NAME, refusal("never"), Samples.NOW);
        ManagerEvent alarm = new ManagerEvent.Alarm(Samples.NAME, ManagerEvent.Reason.PERMANENT_PROBLEM, "never");
        ManagerEvent clock = new ManagerEvent.Alarm(Samples.NAME, ManagerEvent.Reason.WRONG_CLOCK, "ahead");

        Notice notice = Samples.notice(failed);

        assertThat(notice.event()).isEqualTo(Notice.Event.REFUSED);
        assertThat(notice.severity()).isEqualTo(Notice.Severity.ALARM);
        assertThat(notice.subject()).contains("ALARM", "renewal is refused", "never");
        assertThat(notice.text()).contains("not tried again before", "does not pass by itself");
        assertThat(Samples.notices().of(alarm)).isEmpty();
        assertThat(Samples.notices().of(clock)).isEmpty();
    }

    @Test
    void anAccountThatIsGoneIsToldWithTheCommandThatMakesANewOne() {
        AcmeProblemException refusal = refusal("no such account");
        ManagerEvent failed = new ManagerEvent.Failed(
                Samples.NAME,
                new AcmeAccountException("https://ca.example/dir", "https://ca.example/1", refusal),
                null);

        assertThat(Samples.notice(failed).text()).contains("\"wucme register --ca https://ca.example/dir\"");
    }

    private static AcmeProblemException refusal(String detail) {
        String type = ProblemType.REJECTED_IDENTIFIER.uri();
        return new AcmeProblemException(
                "creating an order", new Problem(type, null, detail, 400, null, null, List.of()), null);
    }

    @Test
    void aTakeoverIsTold() {
        Notice notice = Samples.notice(new ManagerEvent.BecameActive());

        assertThat(notice.event()).isEqualTo(Notice.Event.TAKEOVER);
        assertThat(notice.severity()).isEqualTo(Notice.Severity.INFO);
        assertThat(notice.certificate()).isEmpty();
        assertThat(notice.subject()).isEqualTo("the agent on this host takes over");
    }

    @Test
    void troubleOfTheManagerIsTold() {
        Notice notice = Samples.notice(new ManagerEvent.Trouble(new IOException("the disk is full")));

        assertThat(notice.event()).isEqualTo(Notice.Event.TROUBLE);
        assertThat(notice.subject()).isEqualTo("the agent goes on after trouble: the disk is full");
    }

    @Test
    void anotherRenewalTimeIsToldIfTheCaExplainsIt() {
        ManagerEvent explained =
                new ManagerEvent.RenewalTimeChosen(Samples.NAME, null, LATER, "https://ca.example/incident");
        Notice notice = Samples.notice(explained);

        assertThat(notice.event()).isEqualTo(Notice.Event.RENEWAL_MOVED);
        assertThat(notice.text()).contains("https://ca.example/incident", "2026-11-22T01:20:01.500Z");
        assertThat(Samples.notices().of(new ManagerEvent.RenewalTimeChosen(Samples.NAME, LATER, LATER, null)))
                .isEmpty();
    }

    @Test
    void aDeploymentThatFailsIsToldWithTheReasonAndTheNextAttempt() {
        Notice notice = Samples.notices()
                .of(new ManagerEvent.DeploymentFailed(
                        Samples.certificate(), "+", new IOException("exit code 7"), Samples.NOW))
                .orElseThrow();

        assertThat(notice.event()).isEqualTo(Notice.Event.NOT_LOADED);
        assertThat(notice.subject()).contains("\"+\" failed: exit code 7");
        assertThat(notice.text()).contains(Samples.NOW.toString());
    }

    @Test
    void lostEventsAreCounted() {
        Notice notice = Samples.notices().of(new ManagerEvent.EventsLost(7)).orElseThrow();

        assertThat(notice.subject()).isEqualTo("7 events were not told");
    }

    @Test
    void whatNobodyNeedsToKnowMakesNoNotice() {
        assertThat(Samples.notices().of(new ManagerEvent.AccountRegistered("https://ca", "https://ca/1")))
                .isEmpty();
        assertThat(Samples.notices().of(new ManagerEvent.BecameStandby(ActiveManager.UNKNOWN)))
                .isEmpty();
    }

    @Test
    void everyKindOfEventWasDecidedOn() {
        assertThat(Arrays.stream(ManagerEvent.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .as("a new event is told or not: decide that in Notices, then name it here")
                .containsExactlyInAnyOrder(
                        "Obtained",
                        "Renewed",
                        "Failed",
                        "Alarm",
                        "RenewalTimeChosen",
                        "AccountRegistered",
                        "BecameActive",
                        "BecameStandby",
                        "DeploymentOwed",
                        "Deployed",
                        "DeploymentFailed",
                        "EventsLost",
                        "Trouble");
    }
}
