package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report in a real browser. Pictures of it go to {@code target/screenshots}. */
class ReportBrowserIT {

    private static final Path PICTURES = Path.of("target", "screenshots");

    private static Chromium browser;
    private static ReportServer server;

    // A browser that ends may still write into its profile.
    @BeforeAll
    static void start(@TempDir Path store, @TempDir(cleanup = CleanupMode.NEVER) Path profile) throws IOException {
        Optional<Path> program = Chromium.find();
        if (program.isEmpty() && !Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_CHROMIUM"))) {
            Assumptions.abort("no Chromium on the path, nor named by the variable CHROMIUM");
        }
        server = ReportServer.open(ReportServerTest.settings(Samples.store(store), Samples.checks()));
        browser = Chromium.start(
                program.orElseThrow(() -> new IllegalStateException("no Chromium, but WUCME_REQUIRE_CHROMIUM is set")),
                profile);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1200, light", "1200, dark", "390, light", "390, dark", "320, light"})
    void itIsReadableOnEveryScreenByDayAndNight(int width, String colors) throws IOException {
        browser.show(width, 800, colors);
        browser.open(server.url());
        Path picture = PICTURES.resolve("report-" + width + "-" + colors + ".png");
        browser.screenshot(picture);

        assertThat(Files.size(picture)).isGreaterThan(20_000);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                .isEqualTo(width);
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .textValue())
                .isEqualTo(colors.equals("dark") ? "rgb(15, 20, 26)" : "rgb(244, 246, 248)");
        assertThat(contrasts()).allSatisfy(contrast -> assertThat(contrast).isGreaterThanOrEqualTo(4.5));
    }

    /** Of every text with what is behind it, as WCAG 2 reckons it. */
    private static List<Double> contrasts() {
        String script = """
            (() => {
              const parse = color => color.match(/[0-9.]+/g).map(Number);
              const light = color => parse(color).slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                const color = parse(getComputedStyle(element).backgroundColor);
                return color.length === 4 && color[3] === 0 ? behind(element.parentElement) : `rgb(${color})`;
              };
              const texts = [...document.querySelectorAll('body *')].filter(element =>
                !element.closest('details dl') && [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
              return texts.map(element => {
                const style = getComputedStyle(element);
                const a = light(element.closest('svg') ? style.fill : style.color);
                const b = light(behind(element.closest('svg')?.parentElement ?? element));
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              });
            })()
            """;
        List<Double> contrasts = new ArrayList<>();
        browser.evaluate(script).forEach(value -> contrasts.add(value.doubleValue()));
        assertThat(contrasts).hasSizeGreaterThan(50);
        return contrasts;
    }

    @Test
    void theBarsAreWhereTheTimeIs() {
        browser.show(1200, 800, "light");
        browser.open(server.url());

        assertThat(width("WWW_EXAMPLE_ORG", ".gone") / width("WWW_EXAMPLE_ORG", ".track"))
                .isCloseTo(50 / 90.0, offset(0.01));
        assertThat(width("WWW_EXAMPLE_ORG", ".window") / width("WWW_EXAMPLE_ORG", ".track"))
                .isCloseTo(4 / 90.0, offset(0.01));
        assertThat(browser.evaluate("document.querySelectorAll('article').length")
                        .intValue())
                .isEqualTo(8);
        assertThat(browser.evaluate("document.querySelectorAll('#SHOP_EXAMPLE_ORG .attempt path').length")
                        .intValue())
                .isEqualTo(1);
    }

    private static double width(String certificate, String part) {
        return browser.evaluate(
                        "document.querySelector('#" + certificate + " " + part + "').getBoundingClientRect().width")
                .doubleValue();
    }

    @Test
    void aScreenReaderIsToldWhatTheBarShows() {
        browser.open(server.url());

        assertThat(browser.accessible())
                .contains("heading: www.example.org", "button: Does the CA answer?", "navigation: Pages", "main: ")
                .anyMatch(node -> node.matches(
                        "image: Life of the certificate: issued 3 Oct 2026, .*the CA suggests to renew it between .*"
                                + "expires 1 Jan 2027.*56 % of its life is gone\\."))
                .noneMatch(node -> node.equals("image: "));
    }

    @Test
    void aCheckIsRunFromThePageAndNothingElseIsAskedFor() {
        browser.open(server.url());
        browser.click("form[action$='check/ca'] button");

        assertThat(browser.evaluate("document.querySelector('pre').textContent").textValue())
                .startsWith("The CA answers: ");
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.startsWith(server.url()) || url.startsWith("data:"));
        assertThat(browser.complaints()).isEmpty();
    }
}
