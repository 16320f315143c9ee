package org.wucme.cli.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A program of the administrator's, which learns by its environment what happened, and reads the text. */
final class CommandTarget implements Target {

    static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

    private final List<String> command;
    private final Duration limit;

    CommandTarget(List<String> command, Duration limit) {
        this.command = List.copyOf(command);
        this.limit = limit;
    }

    /**
     * Reads a program and its arguments, separated by blanks; what has blanks in it stands in quotation marks. No shell
     * sees it.
     *
     * @throws IllegalArgumentException if quotation marks do not end
     */
    static CommandTarget parse(String line) {
        List<String> words =
                WORD.matcher(line).results().map(CommandTarget::word).toList();
        if (words.isEmpty() || !WORD.matcher(line).replaceAll("").isBlank()) {
            throw new IllegalArgumentException("the command for notices is not a program and its arguments: " + line);
        }
        return new CommandTarget(words, LIMIT);
    }

    private static String word(MatchResult match) {
        return match.group(1) != null ? match.group(1) : match.group(2) != null ? match.group(2) : match.group(3);
    }

    @Override
    public String send(Notice notice) throws IOException {
        String printed = BoundedProcess.run(command, environment(notice), notice.text(), limit);
        return "done" + (printed.isBlank() ? "" : ": " + printed.strip());
    }

    static Map<String, String> environment(Notice notice) {
        return Map.of(
                "WUCME_EVENT", notice.event().word(),
                "WUCME_SEVERITY", notice.severity().name().toLowerCase(Locale.ROOT),
                "WUCME_CERTIFICATE", notice.certificate(),
                "WUCME_NAMES", String.join(" ", notice.names()),
                "WUCME_FILES", String.join("\n", notice.files()),
                "WUCME_SUBJECT", notice.subject(),
                "WUCME_TIME", notice.time().toString(),
                "WUCME_HOST", notice.host());
    }

    /** The program; its arguments may be secrets. */
    @Override
    public String toString() {
        return "the command " + command.get(0);
    }
}
