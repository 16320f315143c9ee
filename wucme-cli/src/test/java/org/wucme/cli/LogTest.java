package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.Problem;
import org.wucme.testing.ca.TestCa;

class LogTest {

    private static final String LINE = "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d\\d: \\S.*$";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
    }

    @AfterEach
    void end() {
        System.clearProperty("wucme.terminal");
        ca.close();
    }

    @Test
    void redirectedItLogsALineForEachStepAsWucmeDoes() {
        user.wucme("issue", "a.example");

        List<String> lines = user.wucme("issue", "a.example", "--force").outLines();

        assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.matches(LINE));
        String file = user.file("WUCME_C_A_EXAMPLE.PEM").toString();
        assertThat(lines.stream().map(line -> line.replaceFirst("^[^:]+:\\d\\d:[^:]+: ", "")))
                .contains(
                        "creating new order for a.example at "
                                + ca.directoryUrl().replaceFirst("/[^/]*$", "/new-order"),
                        "generating certificate request",
                        "saving certificate to " + file + "_TMP",
                        "renaming " + file + "_TMP to " + file)
                .anyMatch(line -> line.startsWith("retrieving authorization at https://"))
                .anyMatch(line -> line.startsWith("starting challenge at https://"))
                .anyMatch(line -> line.matches("\\Qbacked up " + file + " as " + file + "_\\E\\d{16}"));
    }

    @Test
    void verboseLogsEachRequestToo() {
        assertThat(user.wucme("check", "ca", "--verbose").out()).containsPattern("GET https://\\S+ -> 200 ");
        assertThat(user.wucme("check", "ca").out()).doesNotContain("-> 200 ");
    }

    @Test
    void noSecretIsLoggedEvenWhenVerbose() throws Exception {
        String out = user.wucme("issue", "a.example", "--verbose").out();

        assertThat(out).doesNotContain("PRIVATE KEY").doesNotContainIgnoringCase("Replay-Nonce");
        ca.signedBodies().forEach(body -> assertThat(out).doesNotContain(body));
    }

    @Test
    void onATerminalTheStepsAreShownAndNothingIsLogged() {
        System.setProperty("wucme.terminal", "true");

        User.Run run = user.wucme("issue", "a.example", "b.example");

        assertThat(run.exit()).isZero();
        assertThat(run.outLines()).noneMatch(line -> line.matches(LINE));
        assertThat(run.out())
                .containsSubsequence(
                        "  order created: https://",
                        "  1 of 2 names presented (",
                        "  2 of 2 names presented (",
                        "  1 of 2 names validated (",
                        "  2 of 2 names validated (",
                        "  certificate requested, waiting for the CA to issue it\n",
                        ": obtained for a.example, b.example, valid until ");
    }

    @Test
    void onATerminalARefusalIsAStepWithTheWordsOfTheCaAndAttempts() {
        StringWriter shown = new StringWriter();
        Progress progress = new Progress(new PrintWriter(shown));
        Problem problem = new Problem(
                "urn:ietf:params:acme:error:connection",
                null,
                "connection\u001b[2J refused",
                400,
                null,
                null,
                List.of());

        progress.accept(new IssuanceEvent.ChallengeRefused(Identifier.of("a.example"), problem, 1));
        progress.accept(new IssuanceEvent.ChallengeRefused(Identifier.of("a.example"), problem, 2));

        assertThat(shown.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("  ") && line.contains("a.example") && line.contains(" refused"))
                .noneMatch(line -> line.contains("\u001b"))
                .element(1, InstanceOfAssertFactories.STRING)
                .contains("attempt 2");
    }

    @Test
    void onATerminalARefusalIsNotLoggedBesides() {
        assertThat(loggedOfARefusal(Level.WARNING)).isEmpty();
        assertThat(loggedOfARefusal(Level.INFO)).hasSize(1);
        assertThat(loggedOfARefusal(Level.FINE)).hasSize(1);
    }

    private static List<String> loggedOfARefusal(Level level) {
        List<String> lines = new ArrayList<>();
        LogLine log = LogLine.install(lines::add, level);
        try {
            Logger.getLogger(IssuanceEvent.REFUSAL_LOGGER).warning("validation failed so far");
        } finally {
            log.close();
        }
        return lines;
    }

    @Test
    void onATerminalVerboseLogsInThePlaceOfSteps() {
        System.setProperty("wucme.terminal", "true");

        User.Run run = user.wucme("issue", "a.example", "--verbose");

        assertThat(run.out()).doesNotContain("names presented").contains(": creating new order for ");
    }

    @Test
    void aStackTraceIsLoggedInBoundedLinesAndForgesNone() {
        Throwable huge = new IllegalStateException("words\n2026-11-22 00:20:01.50: renewed\u001b[2J");
        for (int i = 0; i < 500; i++) {
            huge = new IllegalStateException("x".repeat(10_000), huge);
        }
        List<String> lines = new ArrayList<>();
        LogLine log = LogLine.install(lines::add, Level.INFO);
        try {
            Logger.getLogger("org.wucme.test").log(Level.WARNING, "unexpected error", huge);
            Logger.getLogger("org.wucme.test").log(Level.SEVERE, "unexpected error", rootOf(huge));
        } finally {
            log.close();
        }

        assertThat(lines)
                .hasSizeLessThan(500)
                .allMatch(line -> line.matches(LINE) && line.length() < 5000)
                .anyMatch(line -> line.contains("IllegalStateException: words 2026"))
                .anyMatch(line -> line.contains("at org.wucme.cli.LogTest.aStackTrace"));
    }

    private static Throwable rootOf(Throwable any) {
        Throwable root = any;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Test
    void theLoggingOfTheRestOfTheProcessStaysAsItWas() {
        Logger root = Logger.getLogger("");
        Logger ours = Logger.getLogger("org.wucme");
        List<java.util.logging.Handler> handlers = List.of(root.getHandlers());
        Level level = root.getLevel();

        user.wucme("check", "ca", "--verbose");

        assertThat(root.getHandlers()).containsExactlyElementsOf(handlers);
        assertThat(root.getLevel()).isEqualTo(level);
        assertThat(ours.getHandlers()).isEmpty();
        assertThat(ours.getLevel()).isNull();
        assertThat(ours.getUseParentHandlers()).isTrue();
    }

    @Test
    void timesForPeopleAreToTheMinuteAndNeverTooEarly() {
        Instant moment = Instant.parse("2026-11-22T00:20:01.50Z");

        assertThat(LocalMinute.of(moment)).endsWith(":20");
        assertThat(LocalMinute.notBefore(moment)).endsWith(":21");
        assertThat(LocalMinute.notBefore(Instant.parse("2026-11-22T00:20:00Z"))).endsWith(":20");
    }
}
