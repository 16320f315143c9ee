package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;
import org.wucme.cli.report.CertificateReport;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.ManagerEvent;
import org.wucme.manage.RenewalWindow;
import org.wucme.store.Attempts;
import org.wucme.store.Deployments;
import org.wucme.store.Origin;
import org.wucme.store.file.FileStore;
import org.wucme.testing.LogLines;

class CertificateLogTest {

    private static final Instant NOW = Instant.parse("2026-11-22T00:20:27Z");

    private static CertificateReport report(String name, int daysLeft, String... hosts) {
        Instant end = NOW.plus(Duration.ofDays(daysLeft));
        Instant due = end.minus(Duration.ofDays(30));
        CertificateStatus status = new CertificateStatus(
                name,
                "/c.pem",
                Stream.of(hosts).map(Identifier::of).toList(),
                true,
                CertificateStatus.State.CURRENT,
                new IssuedCertificate(
                        "E7", "1", end.minus(Duration.ofDays(90)), end, new RenewalWindow(due, end, due, false, null)),
                null,
                Origin.UNKNOWN,
                Attempts.NONE,
                Deployments.NONE,
                null,
                null);
        return CertificateReport.of(status, NOW);
    }

    @Test
    void eachLineHasTheNamesTheExpiryAndTheRenewal() {
        List<String> lines = CertificateLog.lines(
                List.of(
                        report("A", 61, "a.example", "www.a.example"),
                        report("B", 70, "b1", "b2", "b3", "b4", "b5", "b6", "b7")),
                NOW);

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains("a.example, www.a.example", "expires ", "(in 61 days)", "renews ", "(in 31 days)");
        assertThat(lines.get(1)).contains("b5 and 2 more").doesNotContain("b6");
    }

    @Test
    void ofAThousandThoseThatExpireFirstAreListedAndTheOthersCounted() {
        List<CertificateReport> all = IntStream.range(0, 1000)
                .mapToObj(i -> report("C" + i, 89 - i % 50, "c.example"))
                .toList();

        List<String> lines = CertificateLog.lines(all, NOW);

        assertThat(lines).hasSize(CertificateLog.MOST_LINES + 1);
        assertThat(lines.get(CertificateLog.MOST_LINES)).contains("950 more");
        assertThat(lines.get(0)).contains("(in 40 days)");
    }

    @Test
    void anEmptyStoreIsSaidToBeSo() {
        assertThat(CertificateLog.lines(List.of(), NOW))
                .singleElement()
                .asString()
                .contains("no certificate yet");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T00:19:00+01:00[Europe/Berlin], PT1M",
        "2026-11-22T00:20:00+01:00[Europe/Berlin], PT24H",
        "2026-03-29T00:20:00+01:00[Europe/Berlin], PT23H",
        "2026-10-24T12:00:00+02:00[Europe/Berlin], PT12H20M"
    })
    void theNextListComesAtTwentyPastMidnight(ZonedDateTime now, Duration pause) {
        assertThat(CertificateLog.untilNext(now)).isEqualTo(pause);
    }

    @Test
    void whoBecomesActiveListsThemAtOnce(@TempDir Path folder) throws Exception {
        try (LogLines log = LogLines.of("org.wucme.cli.agent");
                CertificateManager manager =
                        CertificateManager.builder(FileStore.open(folder)).build();
                CertificateLog certificates = new CertificateLog(manager::status, Clock.systemUTC())) {
            certificates.accept(new ManagerEvent.BecameActive());

            assertThat(log.await(line -> line.contains("certificate"))).contains("no certificate yet");
        }
    }
}
