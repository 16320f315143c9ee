package org.wucme.cli;

import java.util.regex.Pattern;

/** Text from outside, such as the words of a CA, made fit for a log and a terminal: one line, no control characters. */
public final class OneLine {

    // The controls of ASCII and of Latin-1, which some terminals obey too, and Unicode's own ends of lines.
    private static final Pattern MORE_THAN_WORDS = Pattern.compile("[\\s\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]+");

    private OneLine() {}

    /** The text in one line. */
    public static String of(String text) {
        return MORE_THAN_WORDS.matcher(text).replaceAll(" ");
    }
}
