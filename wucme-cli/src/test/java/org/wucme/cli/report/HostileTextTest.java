package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.ManagerStatus;
import org.wucme.manage.RenewalWindow;
import org.wucme.store.ActiveManager;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;
import org.wucme.store.Origin;
import org.wucme.store.file.FileStore;

/** Whatever a CA, a store, a log or a check says is text, and stays it. */
class HostileTextTest {

    private static final Pattern TAGS = Pattern.compile("<[^>]*>");
    private static final Pattern MUST_BE_ESCAPED = Pattern.compile("[<>\"']|&(?!(amp|lt|gt|quot|#39);)");
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{202a}-\\x{202e}&&[^\\n\\t]]");

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "<script>alert(1)</script>",
                "\"",
                "'",
                "&",
                "&lt;",
                "<!--",
                "-->",
                "]]>",
                "</style>",
                "</pre>",
                "\u0000",
                "\u001b[2J",
                "\u009b31m",
                "\r\n",
                "\n",
                "\\",
                "{}",
                "\u202e",
                "\ud800",
                "\u2028",
                "} 1\n# HELP",
                "a",
                "é",
                "\ud83d\ude00");
        return pieces.list().ofMinSize(1).ofMaxSize(6).map(list -> String.join("", list));
    }

    private static Report report(String text) {
        CertificateSpec spec = CertificateSpec.builder(List.of(new Identifier("dns", text)))
                .name(text)
                .ca(new Ca(text, "https://ca.example/" + text))
                .profile(text)
                .challengeType(text)
                .build();
        CertificateStatus missing = new CertificateStatus(
                text,
                text,
                spec.identifiers(),
                true,
                CertificateStatus.State.NOT_ISSUED,
                null,
                spec,
                new Origin(null, text + "!", null, false, false),
                new Attempts(2, text, List.of(), Samples.daysAhead(1), null, null, null),
                new Deployments(List.of(text), List.of(), new DeploymentFailure(1, text, Samples.NOW)),
                Samples.daysAhead(1),
                null);
        CertificateStatus unreadable = new CertificateStatus(
                "x",
                "y",
                List.of(),
                true,
                CertificateStatus.State.UNREADABLE,
                null,
                null,
                Origin.UNKNOWN,
                Attempts.NONE,
                Deployments.NONE,
                null,
                text);
        CertificateStatus issued = new CertificateStatus(
                "z",
                "z",
                List.of(new Identifier("dns", text), new Identifier("dns", text)),
                true,
                CertificateStatus.State.DUE,
                new IssuedCertificate(
                        text,
                        text,
                        Samples.daysAgo(1),
                        Samples.daysAhead(1),
                        new RenewalWindow(Samples.NOW, Samples.NOW, Samples.NOW, true, text)),
                spec,
                missing.origin(),
                missing.attempts(),
                missing.deployments(),
                null,
                null);
        ManagerStatus status = new ManagerStatus(
                Samples.NOW,
                ManagerStatus.Role.NOT_STARTED,
                new ActiveManager(text, 1L, null),
                List.of(missing, unreadable),
                List.of());
        Report report = Report.of(status, ManagerState.none());
        List<CertificateReport> all = new ArrayList<>(report.certificates());
        all.add(new CertificateReport(issued, List.of(new Flaw(Health.ATTENTION, text, null))));
        return new Report(report.at(), report.manager(), all);
    }

    @Property(tries = 300)
    void aPageHasTheSameMarkupWhateverTheTextIs(@ForAll("hostile") String text) throws Exception {
        assertThat(tags(text)).isEqualTo(tags("harmless"));
    }

    private static List<String> tags(String text) throws Exception {
        FileStore unused = FileStore.open(Path.of("target", "hostile"));
        ReportSettings given = ReportServerTest.settings(unused, Map.of("ca", () -> text));
        ReportSettings settings = new ReportSettings(
                given.address(),
                "/",
                given.hostNames(),
                null,
                null,
                given.status(),
                given.clock(),
                text,
                text,
                given.manager(),
                () -> List.of(text),
                given.checks());
        Checks checks = new Checks(settings.checks(), settings.clock());
        checks.run("ca");
        Pages pages = new Pages(settings, checks, new Stylesheet("", ""));
        String all = pages.overview(report(text), "").markup()
                + pages.log(List.of(text), "../").markup()
                + pages.check("ca", "../../").markup();
        assertThat(CONTROLS.matcher(all).find()).isFalse();
        // What is left without tags is text, in which nothing may look like markup.
        assertThat(MUST_BE_ESCAPED.matcher(TAGS.matcher(all).replaceAll("")).find())
                .isFalse();
        return TAGS.matcher(all)
                .results()
                .map(tag -> tag.group().replaceAll("=\"[^\"]*\"", "="))
                .toList();
    }

    @Property(tries = 300)
    void jsonGivesTheTextBack(@ForAll("hostile") String text) throws Exception {
        JsonNode json = new ObjectMapper().readTree(ReportJson.write(report(text)));

        assertThat(json.path("certificates")).hasSize(3);
        assertThat(json.path("certificates").path(0).path("lastProblem").textValue())
                .isEqualTo(text);
        assertThat(json.path("certificates").path(1).path("problem").textValue())
                .isEqualTo(text);
    }

    @Property(tries = 300)
    void metricsKeepTheirLines(@ForAll("hostile") String text) {
        assertThat(linesWithoutLabels(text)).containsExactlyInAnyOrderElementsOf(linesWithoutLabels("harmless"));
    }

    private static List<String> linesWithoutLabels(String text) {
        String metrics = ReportMetrics.write(report(text), text);
        // A label is one line, with quotes and backslashes escaped.
        return Pattern.compile("\n")
                .splitAsStream(metrics.replaceAll("\"(\\\\.|[^\"\\\\\n])*\"", "\"\""))
                .toList();
    }
}
