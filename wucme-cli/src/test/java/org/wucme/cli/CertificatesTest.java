package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.RenewalWindow;
import org.wucme.testing.ca.TestCa;

class CertificatesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

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

    @Test
    void aTableHasOneLineForEach() {
        user.wucme("issue", "a.example", "www.a.example");
        user.wucme("issue", "b.example");

        User.Run run = user.wucme("certificates");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines()).hasSize(4);
        assertThat(run.outLines().get(0)).matches("FILE +NAMES +ISSUER +NOT BEFORE +NOT AFTER +DAYS LEFT +LIFE");
        String moment = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d";
        assertThat(run.outLines().get(1))
                .matches("WUCME_C_A_EXAMPLE\\.PEM +a\\.example www\\.a\\.example +\\S.*\\S +" + moment + " +" + moment
                        + " +(89|90)\\.\\d +\\[-{13}\\|-{6}]");
        assertThat(run.outLines().get(2)).startsWith("WUCME_C_B_EXAMPLE.PEM  b.example ");
        assertThat(run.outLines().get(3)).contains("# gone", "- left", "| due");
    }

    @Test
    void jsonHasItsDocumentedMembers() throws Exception {
        user.wucme("issue", "a.example", "www.a.example");

        User.Run run = user.wucme("certificates", "--json");

        assertThat(run.exit()).isZero();
        JsonNode list = JSON.readTree(run.out());
        assertThat(list).hasSize(1);
        JsonNode certificate = list.get(0);
        X509Certificate leaf = user.certificate("WUCME_C_A_EXAMPLE.PEM");
        assertThat(certificate.path("name").textValue()).isEqualTo("A_EXAMPLE");
        assertThat(certificate.path("file").textValue())
                .isEqualTo(user.file("WUCME_C_A_EXAMPLE.PEM").toString());
        assertThat(certificate.path("identifiers"))
                .extracting(JsonNode::textValue)
                .containsExactly("a.example", "www.a.example");
        assertThat(certificate.path("issuer").textValue()).isNotEmpty();
        assertThat(certificate.path("serial").textValue())
                .isEqualTo(leaf.getSerialNumber().toString(16));
        assertThat(Instant.parse(certificate.path("notBefore").textValue()))
                .isEqualTo(leaf.getNotBefore().toInstant());
        assertThat(Instant.parse(certificate.path("notAfter").textValue()))
                .isEqualTo(leaf.getNotAfter().toInstant());
        assertThat(Instant.parse(certificate.path("dueAt").textValue()))
                .isBetween(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        assertThat(certificate.path("daysLeft").intValue()).isEqualTo(89);
        assertThat(certificate.path("directory").textValue()).isEqualTo(ca.directoryUrl());
        assertThat(certificate.path("failures").intValue()).isZero();
        assertThat(certificate.has("lastProblem")).isTrue();
        assertThat(certificate.has("nextAttempt")).isTrue();
        assertThat(certificate.path("problem").isNull()).isTrue();
    }

    @Test
    void jsonStaysJsonWhateverIsLogged() throws Exception {
        user.wucme("issue", "a.example");
        // What a save leaves that was cut short; to put it right is logged.
        Files.writeString(user.file("WUCME_C_A_EXAMPLE.PEM_TMP"), "frob");

        User.Run run = user.wucme("certificates", "--json", "--verbose");

        assertThat(JSON.readTree(run.out())).hasSize(1);
        assertThat(run.err()).contains("removing ");
    }

    @Test
    void anEmptyStoreHasNothingToShow() throws Exception {
        User.Run table = user.wucme("certificates");
        assertThat(table.exit()).isEqualTo(1);
        assertThat(table.out()).isEqualTo("There is no certificate here.\n");

        User.Run json = user.wucme("certificates", "--json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(JSON.readTree(json.out())).isEmpty();
    }

    @Test
    void whatCannotBeReadIsShownAndNotHidden() throws Exception {
        user.wucme("issue", "a.example");
        Files.writeString(user.file("WUCME_C_BROKEN.PEM"), "frob");

        User.Run table = user.wucme("certificates");

        assertThat(table.exit()).isZero();
        assertThat(table.out())
                .containsPattern("WUCME_C_BROKEN\\.PEM +unreadable")
                .containsPattern("(?m)^BROKEN: .+")
                .contains("WUCME_C_A_EXAMPLE.PEM");
        JsonNode broken =
                JSON.readTree(user.wucme("certificates", "--json").out()).get(1);
        assertThat(broken.path("problem").textValue()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, [-------------|------]",
        "45, [##########---|------]",
        "60, [#############|------]",
        "75, [#############|###---]",
        "90, [#############|######]",
        "120, [#############|######]"
    })
    void theBarShowsWhatIsGoneAndWhenItIsDue(int day, String bar) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = start.plus(Duration.ofDays(90));
        Instant due = start.plus(Duration.ofDays(60));
        IssuedCertificate life =
                new IssuedCertificate("issuer", "1", start, end, new RenewalWindow(due, end, due, false, null));

        assertThat(CertificateTable.bar(life, start.plus(Duration.ofDays(day)))).isEqualTo(bar);
    }
}
