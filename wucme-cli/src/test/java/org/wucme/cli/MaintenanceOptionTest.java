package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.TestCa;

/** The hours in which a due certificate is renewed: a certificate of ninety days, eighty days old. */
class MaintenanceOptionTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";
    private static final String RECORD = "WUCME_R_A_EXAMPLE.JSON";
    private static final String ANY_TIME = "daily 00:00-24:00";

    private final TestCa ca = TestCa.builder()
            .start()
            .alwaysValid(true)
            .certificateLifetime(Duration.ofDays(90))
            .certificateAge(Duration.ofDays(80));
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    // Half a day away.
    private static String closedNow() {
        LocalTime opens =
                LocalTime.now(ZoneOffset.UTC).plusHours(12).withSecond(0).withNano(0);
        return "daily " + opens + "-" + opens.plusMinutes(1) + " UTC";
    }

    private boolean isRenewedBy(String... command) throws IOException {
        String before = Files.readString(user.file(FILE));
        User.Run run = user.aged().wucme(command);
        boolean isRenewed = !Files.readString(user.file(FILE)).equals(before);
        assertThat(run.exit()).as(run.toString()).isEqualTo(isRenewed ? 0 : 1);
        return isRenewed;
    }

    @Test
    void areThoseOfTheRun() throws IOException {
        user.wucme("issue", "a.example");

        assertThat(isRenewedBy("manage", "--maintenance-window", closedNow())).isFalse();
        assertThat(isRenewedBy("manage", "--maintenance-window", ANY_TIME)).isTrue();
    }

    @Test
    void areThoseOfTheVariable() throws IOException {
        user.wucme("issue", "a.example");

        assertThat(user.with("WUCME_MAINTENANCE_WINDOW", closedNow())
                        .aged()
                        .wucme("manage")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void areTheCertificatesOwnIfItHasSome() throws IOException {
        user.wucme("issue", "a.example", "--renew-during", closedNow());
        assertThat(Files.readString(user.file(RECORD))).contains("\"maintenanceWindow\"");

        assertThat(isRenewedBy("manage", "--maintenance-window", ANY_TIME)).isFalse();
        assertThat(isRenewedBy("manage")).isFalse();
    }

    @Test
    void areRecordedForACertificateThatIsCurrent() throws IOException {
        ca.certificateAge(Duration.ofDays(1));
        user.wucme("issue", "a.example");

        User.Run run = user.wucme("issue", "a.example", "--renew-during", "Sun 02:00-06:00 Europe/Berlin");

        assertThat(run.out()).contains("maintenance window Sun 02:00-06:00 Europe/Berlin");
        assertThat(Files.readString(user.file(RECORD))).contains("Sun 02:00-06:00 Europe/Berlin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"night", "Sun 2-6", "02:00-05:00 Nowhere"})
    void thatAreNoneAreRefused(String hours) {
        for (String[] command : new String[][] {
            {"manage", "--maintenance-window", hours}, {"issue", "a.example", "--renew-during", hours},
        }) {
            User.Run run = user.wucme(command);

            assertThat(run.exit()).as(run.toString()).isEqualTo(2);
            assertThat(run.err()).contains("write");
        }
    }
}
