package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class ManageTest {

    private static final String A = "WUCME_C_A_EXAMPLE.PEM";
    private static final String B = "WUCME_C_B_EXAMPLE.PEM";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private X509Certificate issueDue(String host, String file) {
        ca.certificateAge(Duration.ofDays(80));
        user.wucme("issue", host);
        user.aged();
        ca.certificateAge(Duration.ofHours(1));
        return user.certificate(file);
    }

    @Test
    void renewsWhatIsDueAndNothingElse() {
        X509Certificate due = issueDue("a.example", A);
        user.wucme("issue", "b.example");
        X509Certificate current = user.certificate(B);

        User.Run run = user.wucme("manage");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(user.file(A) + ": obtained for a.example, valid until ")
                .containsPattern(B + ": nothing to do before \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\n")
                .endsWith("\n2 certificates, 1 renewed, 0 failed\n");
        assertThat(user.certificate(A)).isNotEqualTo(due);
        assertThat(user.certificate(B)).isEqualTo(current);
    }

    @Test
    void theFirstRunAsksWhenToRenewAndThenNothingDueIsNothingToDoWithoutARequest() {
        user.wucme("issue", "a.example");
        ca.clearLog();

        User.Run first = user.wucme("manage");

        assertThat(first.exit()).isEqualTo(1);
        assertThat(ca.count(Endpoint.RENEWAL_INFO)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
        ca.clearLog();

        User.Run second = user.wucme("manage");

        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.out()).endsWith("\n1 certificate, 0 renewed, 0 failed\n");
        assertThat(ca.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 1", "11, 0"})
    void aTwelveHourCertificateIsRenewedWhenLittleOfItsLifetimeIsLeftAndNotAtEachRun(long hours, int exit) {
        ca.certificateLifetime(Duration.ofHours(12)).certificateAge(Duration.ofHours(hours));
        user.wucme("issue", "a.example");
        user.aged();

        assertThat(user.wucme("manage").exit()).isEqualTo(exit);
    }

    @Test
    void aCertificateThatExpiresBeforeTheNextRunThatIsExpectedIsWarnedOf() throws Exception {
        ca.certificateLifetime(Duration.ofHours(12)).certificateAge(Duration.ZERO);
        user.wucme("issue", "a.example");
        StringBuilder runs = new StringBuilder();
        for (int day = 4; day > 0; day--) {
            runs.append(Instant.now().minus(Duration.ofDays(day))).append('\n');
        }
        Files.writeString(user.file(ManageRuns.FILE_NAME), runs);

        User.Run run = user.wucme("manage");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("A_EXAMPLE", "before the next run", "25 hours", "wucme agent");
    }

    @Test
    void anEmptyStoreIsNothingToDo() {
        User.Run run = user.wucme("manage");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("0 certificates, 0 renewed, 0 failed\n");
    }

    @Test
    void aFailureIsShownAndDoesNotKeepTheOthersFromBeingRenewed() {
        X509Certificate old = issueDue("a.example", A);
        X509Certificate due = issueDue("b.example", B);
        ca.block("a.example");

        User.Run run = user.wucme("manage");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(user.file(A) + ": failed: ")
                .contains("the CA says: ", "; not tried again before ")
                .hasLineCount(1);
        assertThat(run.out()).endsWith("\n2 certificates, 1 renewed, 1 failed\n");
        assertThat(user.certificate(A)).isEqualTo(old);
        assertThat(user.certificate(B)).isNotEqualTo(due);
    }

    @Test
    void aFailureIsRememberedAndNotTriedAgainAtOnce() {
        issueDue("a.example", A);
        ca.block("a.example");
        user.wucme("manage");
        ca.clearLog();

        User.Run again = user.wucme("manage");

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("nothing to do before ", "1 certificate, 0 renewed, 0 failed");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(user.wucme("certificates").out())
                .containsPattern(
                        "A_EXAMPLE: the last attempt failed: .*the CA says: .*; not tried again before \\d{4}");
    }

    @Test
    void byNowWhatFailedIsTriedAtOnce() {
        X509Certificate due = issueDue("a.example", A);
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "rejectedIdentifier", "not yet"), 1);
        user.wucme("manage");
        assertThat(user.wucme("manage").exit()).isEqualTo(1);

        assertThat(user.wucme("manage", "--now").exit()).isZero();

        assertThat(user.certificate(A)).isNotEqualTo(due);
    }

    @Test
    void verboseShowsWhereAFailureCameFrom() {
        issueDue("a.example", A);
        ca.block("a.example");

        assertThat(user.wucme("manage", "--verbose").err()).contains("\tat org.wucme");
    }

    @Test
    void aFileThatCannotBeReadNeedsHelpAndIsLeftAlone() throws Exception {
        Files.writeString(user.file(A), "frob");

        User.Run run = user.wucme("manage");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(A, "needs help: ").hasLineCount(1);
        assertThat(run.out()).endsWith("1 certificate, 0 renewed, 1 failed\n");
        assertThat(user.file(A)).hasContent("frob");
    }

    @Test
    void eachGoesToTheCaThatItCameFrom(@TempDir Path folder) {
        issueDue("a.example", A);
        try (TestCa second = TestCa.start().alwaysValid(true).certificateAge(Duration.ofDays(80))) {
            User other = User.of(second, folder).with("WUCME_HERE", user.here().toString());
            other.registered().wucme("issue", "b.example");
            user.aged();
            ca.clearLog();
            second.clearLog();

            // Trusts the second CA only, so the first cannot be reached.
            User.Run run = other.wucme("manage");

            assertThat(run.err()).contains(A, "is not trusted", "--ca-bundle");
            assertThat(run.out()).contains(B + ": obtained");
            assertThat(second.count(Endpoint.NEW_ORDER)).isEqualTo(1);
        }
    }

    @Test
    void whileAManagerIsActiveItSaysWhoAndRenewsAllTheSame() throws Exception {
        X509Certificate due = issueDue("a.example", A);

        User.Run run;
        try (Lease active = FileStore.open(user.here())
                .lease(LeaseNames.ACTIVE, Duration.ZERO)
                .orElseThrow()) {
            assertThat(active).isNotNull();
            run = user.wucme("manage");
        }

        assertThat(run.exit()).isZero();
        assertThat(run.outLines().get(0))
                .startsWith("process " + ProcessHandle.current().pid() + " on ")
                .contains(", since 20")
                .endsWith(", takes care of this store too: what it is at work on is its own");
        assertThat(user.certificate(A)).isNotEqualTo(due);
        assertThat(user.wucme("manage").out()).doesNotContain("takes care of this store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "1"})
    void byWucmeActiveItIsActiveWhoeverElseIs(String defined) throws Exception {
        X509Certificate due = issueDue("a.example", A);

        User.Run run;
        try (Lease active = FileStore.open(user.here())
                .lease(LeaseNames.ACTIVE, Duration.ZERO)
                .orElseThrow()) {
            assertThat(active).isNotNull();
            run = user.with("WUCME_ACTIVE", defined).wucme("manage");
        }

        assertThat(run.exit()).isZero();
        assertThat(run.out()).doesNotContain("takes care of this store");
        assertThat(user.certificate(A)).isNotEqualTo(due);
    }

    @Test
    void whoeverIsConfiguredIsToldOfRenewalsFailuresAndWhatEndsSoon() throws Exception {
        issueDue("a.example", A);
        issueEnding("b.example");
        ca.block("b.example");

        User.Run run = told().wucme("manage");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(toldLines())
                .containsExactlyInAnyOrder("renewed a.example", "refused b.example", "expires-soon b.example");
    }

    @Test
    void whatNeedsHelpIsToldAndWhatIsWellIsNot() throws Exception {
        user.wucme("issue", "a.example");
        Files.writeString(user.file(B), "frob");

        told().wucme("manage");

        assertThat(toldLines()).containsExactly("needs-help");
    }

    @Test
    void issueTellsNobodyButWhoeverSitsThere() {
        told().wucme("issue", "a.example");

        assertThat(user.file("told")).doesNotExist();
    }

    @Test
    void whatIsDueIsRenewedEvenWhereNoticesCannotBeUnderstood() {
        X509Certificate due = issueDue("a.example", A);

        User.Run run = user.with("WUCME_OPCOM", "frob").wucme("manage");

        assertThat(run.exit()).isZero();
        assertThat(run.err())
                .startsWith("wucme: nobody is told of this: \"frob\" is neither")
                .hasLineCount(1);
        assertThat(user.certificate(A)).isNotEqualTo(due);
        assertThat(user.with("WUCME_SMTP_PASSWORD_FILE", "/no/such")
                        .wucme("manage")
                        .err())
                .contains("nobody is told of this: /no/such: there is no such file");
    }

    @Test
    void whatWasNotDeliveredIsSentByTheNextRunAndAnAlarmOnceADay() throws IOException {
        issueEnding("a.example");
        ca.block("a.example");
        User down = user.with(
                "WUCME_NOTIFY_COMMAND",
                "sh -c 'test -e " + user.file("up") + " && echo $WUCME_EVENT >>" + user.file("told") + "'");

        down.wucme("manage");
        assertThat(user.file("told")).doesNotExist();
        Files.createFile(user.file("up"));
        down.wucme("manage");
        down.wucme("manage");

        assertThat(toldLines()).containsExactlyInAnyOrder("refused", "expires-soon");
    }

    private User told() {
        return user.with("WUCME_NOTIFY_COMMAND", "sh -c 'echo $WUCME_EVENT $WUCME_NAMES >>" + user.file("told") + "'");
    }

    private List<String> toldLines() throws IOException {
        return Files.readAllLines(user.file("told"));
    }

    private void issueEnding(String host) {
        ca.certificateAge(Duration.ofDays(88));
        user.wucme("issue", host);
        user.aged();
        ca.certificateAge(Duration.ofHours(1));
    }

    @Test
    void issueRenewsWhatIsDueToo() {
        X509Certificate due = issueDue("a.example", A);

        assertThat(user.wucme("issue", "a.example").exit()).isZero();
        assertThat(user.certificate(A)).isNotEqualTo(due);
    }
}
