package org.wucme.cli.call;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Parts of a line that mean something to a shell, and nothing here: a program gets them as they are. */
public final class ShellSyntax {

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'[^']*'");
    private static final String REPLACED = "(?<![A-Z0-9])\\$(?:[A-Za-z_][A-Za-z0-9_]*|[{(0-9@*#?!$-])|`";
    private static final Pattern IN_DOUBLE_QUOTES = Pattern.compile(REPLACED);

    // Operators; variables, but for the $ in the names of a store's files; a home folder; names of many files, but for
    // addresses of IPv6; escapes; comments.
    private static final Pattern UNQUOTED = Pattern.compile("[0-9]?(?:>>?|<<?)(?:&[0-9-])?|&&?|\\|\\|?|;|[()]|"
            + REPLACED + "|^~|[*?]|\\[(?![0-9A-Fa-f.]*:[0-9A-Fa-f:.]*])[^\\]]+]|\\{[^}]*,[^}]*}|\\\\|^#");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=");
    private static final Pattern SCRIPT_OPTION = Pattern.compile("-[A-Za-z]*c");

    private ShellSyntax() {}

    /** What to say of a line that has such a part; empty for others. The rest of the line, which may be secret, is not in it. */
    public static Optional<String> doubt(String line) {
        return in(line).map(part ->
                "it is run without a shell, so that " + part + " is taken as it stands: write a script, or"
                        + " /bin/sh -c 'COMMANDS', or put it in single quotes if that is meant");
    }

    private static Optional<String> in(String line) {
        List<String> words = Stream.of(QUOTED.matcher(line)
                        .replaceAll(quoted -> Matcher.quoteReplacement(masked(quoted)))
                        .strip()
                        .split("\\s+"))
                .toList();
        Matcher variable = VARIABLE.matcher(words.get(0));
        return variable.lookingAt()
                ? Optional.of(variable.group())
                : words.stream().flatMap(ShellSyntax::unquoted).findFirst().or(() -> inDoubleQuotes(line, words));
    }

    private static String masked(MatchResult quoted) {
        return "x".repeat(quoted.group().length());
    }

    // In a URL, these characters are its own.
    private static Stream<String> unquoted(String word) {
        return word.contains("://")
                ? Stream.empty()
                : UNQUOTED.matcher(word).results().map(MatchResult::group);
    }

    // What "sh -c" gets is a script, whose variables are its own.
    private static Optional<String> inDoubleQuotes(String line, List<String> words) {
        boolean hasScript =
                words.stream().anyMatch(word -> SCRIPT_OPTION.matcher(word).matches());
        return hasScript
                ? Optional.empty()
                : QUOTED.matcher(line)
                        .results()
                        .map(quoted -> quoted.group(1))
                        .filter(text -> text != null)
                        .flatMap(text -> IN_DOUBLE_QUOTES.matcher(text).results())
                        .map(MatchResult::group)
                        .findFirst();
    }
}
