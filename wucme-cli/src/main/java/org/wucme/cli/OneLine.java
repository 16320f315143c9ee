package org.wucme.cli;

import java.util.regex.Pattern;

/** Text from outside, such as the words of a CA, made fit for a log and a terminal: one line, no control characters. */
public final class OneLine {

    // The controls of ASCII and of Latin-1, which some terminals obey too, Unicode's own ends of lines, and what turns
    // the direction of writing.
    private static final Pattern MORE_THAN_WORDS =
            Pattern.compile("[\\s\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]+");

    private OneLine() {}

    /** The text in one line. */
    public static String of(String text) {
        return MORE_THAN_WORDS.matcher(text).replaceAll(" ");
    }
}
