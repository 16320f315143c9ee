package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class ForgetTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";

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

    private void failFirstIssuance(String host) {
        ca.alwaysValid(false);
        User.Run run = user.wucme("issue", host);
        ca.alwaysValid(true);
        assertThat(run.exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"typo.example", "TYPO_EXAMPLE", "typo_example", "WUCME_R_TYPO_EXAMPLE.JSON"})
    void aFirstIssuanceThatFailedLeavesAllGreenAgain(String name) {
        failFirstIssuance("typo.example");
        assertThat(user.wucme("status").exit()).isEqualTo(2);
        assertThat(user.wucme("manage").exit()).isEqualTo(2);

        User.Run run = user.wucme("forget", name);

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("typo.example");
        assertThat(user.wucme("status").exit()).isEqualTo(1);
        assertThat(user.wucme("manage").exit()).isEqualTo(1);
        assertThat(user.files()).noneMatch(file -> file.contains("TYPO"));
    }

    @ParameterizedTest
    @CsvSource({
        "bücher.example, BÜCHER.example",
        "bücher.example, xn--bcher-kva.example",
        "www.example, WWW.Example.",
        "2001:db8::1, 2001:0DB8:0::1"
    })
    void everySpellingOfANameThatIssueTakesIsKnown(String issued, String spelling) {
        assertThat(user.wucme("issue", issued).exit()).isZero();

        User.Run export =
                user.wucme("export", spelling, "--pem", user.file("exported").toString());
        User.Run run = user.wucme("forget", spelling);

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("not managed anymore");
        assertThat(export.exit()).as(export.toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"forget, a certificate", "doctor, a host", "check http01, a host", "check alpn, a host"})
    void anEmptyArgumentNamesNothing(String command, String missing) {
        for (String empty : List.of("", ",", " ")) {
            List<String> words = new ArrayList<>(List.of(command.split(" ")));
            words.add(empty);
            User.Run run = user.wucme(words.toArray(String[]::new));

            assertThat(run.exit()).as(run.toString()).isEqualTo(2);
            assertThat(run.err()).contains("name " + missing).doesNotContain("unexpected");
        }
    }

    @Test
    void everyMessageAboutAFirstIssuanceThatFailedNamesTheCommand() {
        ca.alwaysValid(false);
        User.Run issue = user.wucme("issue", "typo.example");

        String command = "wucme forget TYPO_EXAMPLE";
        assertThat(issue.err()).contains(command, "wucme issue typo.example");
        assertThat(user.wucme("status").out()).contains(command);
        assertThat(user.wucme("status", "--json").out()).contains(command.substring(6));
        assertThat(user.wucme("certificates").out() + user.wucme("certificates").err())
                .contains(command);
        assertThat(user.wucme("manage").err()).contains(command, "wucme issue typo.example");
    }

    @Test
    void aCertificateStaysForServersAndIsNotRevoked() {
        user.wucme("issue", "a.example", "b.example");
        X509Certificate certificate = user.certificate(FILE);
        List<String> files = user.files();
        ca.clearLog();

        User.Run run = user.wucme("forget", "b.example");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains(user.file(FILE).toString(), "not managed");
        assertThat(user.certificate(FILE)).isEqualTo(certificate);
        assertThat(user.files()).containsExactlyInAnyOrderElementsOf(files);
        assertThat(ca.isRevoked(certificate)).isFalse();
        assertThat(ca.count()).isZero();
    }

    @Test
    void aCertificateIsShownAsNotManagedAndIsNeverRenewed() throws Exception {
        user.wucme("issue", "a.example");
        user.wucme("forget", "a.example");

        assertThat(user.wucme("certificates").out()).contains("not managed");
        JsonNode json =
                new ObjectMapper().readTree(user.wucme("certificates", "--json").out());
        assertThat(json.get(0).path("managed").booleanValue()).isFalse();
        assertThat(user.wucme("manage").exit()).isEqualTo(1);
        assertThat(user.wucme("manage", "--now").out()).contains("0 certificates");
        User.Run again = user.wucme("forget", "a.example");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("not managed already");
    }

    @Test
    void issuingManagesAgain() {
        user.wucme("issue", "a.example");
        user.wucme("forget", "a.example");

        User.Run run = user.wucme("issue", "a.example");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("managed again");
        assertThat(user.wucme("manage").out()).contains("1 certificate,");
    }

    @Test
    void onlyTheRecordIsLeftOfOneWhoseFilesWereRemovedLater() throws Exception {
        user.wucme("issue", "a.example");
        user.wucme("forget", "a.example");
        Files.delete(user.file(FILE));
        Files.delete(user.file("WUCME_K_A_EXAMPLE.PEM"));

        assertThat(user.wucme("status").exit()).isEqualTo(1);
        assertThat(user.wucme("manage").exit()).isEqualTo(1);
        assertThat(user.wucme("forget", "A_EXAMPLE").exit()).isZero();
        assertThat(user.files()).doesNotContain("WUCME_R_A_EXAMPLE.JSON");
    }

    @Test
    void severalAreForgottenTogether() {
        user.wucme("issue", "a.example");
        user.wucme("issue", "b.example");
        user.wucme("issue", "c.example");

        assertThat(user.wucme("forget", "a.example,B_EXAMPLE").exit()).isZero();

        assertThat(user.wucme("manage").out()).contains("1 certificate,");
    }

    @Test
    void anUnknownNameIsAnErrorWithNearNamesAndNothingIsForgotten() {
        user.wucme("issue", "www.example.org");

        User.Run run = user.wucme("forget", "www.example.org", "www.exmaple.org");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("www.exmaple.org", "did you mean www.example.org");
        assertThat(user.wucme("manage").out()).contains("1 certificate,");
    }

    @Test
    void anUnknownNameThatIsLikeNoOtherHasNoNearName() {
        user.wucme("issue", "a.example");

        assertThat(user.wucme("forget", "intranet.test").err())
                .contains("intranet.test", "wucme certificates")
                .doesNotContain("did you mean");
    }

    @Test
    void aHostOfSeveralCertificatesIsNotGuessed() {
        user.wucme("issue", "a.example", "shared.example");
        user.wucme("issue", "b.example", "shared.example");

        User.Run run = user.wucme("forget", "shared.example");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("A_EXAMPLE", "B_EXAMPLE");
        assertThat(user.wucme("manage").out()).contains("2 certificates,");
    }

    @Test
    void aCertificateThatCannotBeReadIsLeftAlone() throws Exception {
        Path file = Files.writeString(user.file("WUCME_C_BROKEN.PEM"), "no certificate");

        User.Run run = user.wucme("forget", "BROKEN");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("WUCME_C_BROKEN.PEM");
        assertThat(file).hasContent("no certificate");
    }

    @Test
    void whatAnotherProcessWorksOnIsSaid() throws Exception {
        user.wucme("issue", "a.example");
        FileStore store = FileStore.open(user.file("."));

        try (var lock =
                store.lease(LeaseNames.certificate("A_EXAMPLE"), Duration.ZERO).orElseThrow()) {
            User.Run run = user.wucme("forget", "a.example");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("another process", "try again");
        }
    }

    @Test
    void aFirstOrderThatTheCaRefusesLeavesNothing() {
        List<String> before = user.files();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "rejectedIdentifier", "policy forbids issuing for this name"));

        assertThat(user.wucme("issue", "a.example").exit()).isEqualTo(2);

        assertThat(user.files())
                .filteredOn(file -> !file.equals("WUCME_LOCK.SEQ"))
                .containsExactlyInAnyOrderElementsOf(before);
        assertThat(user.wucme("status").exit()).isEqualTo(1);
    }
}
