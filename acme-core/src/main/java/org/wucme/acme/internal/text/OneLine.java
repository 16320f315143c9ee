package org.wucme.acme.internal.text;

import java.util.regex.Pattern;

/**
 * Text from outside, such as the words of a CA or the output of a program, made fit for logs, terminals, records and messages: of
 * bounded length, in one line, without what commands a terminal. The one place where such text is cut.
 */
public final class OneLine {

    /** The longest text in characters of UTF-16; long enough for what a CA says about many names. */
    public static final int LONGEST = 4000;

    // The controls of ASCII and of Latin-1, which some terminals obey too, Unicode's own ends of lines, and what turns
    // the direction of writing.
    private static final Pattern MORE_THAN_WORDS =
            Pattern.compile("[\\s\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]+");
    // Half a character, which no encoding can write.
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private OneLine() {}

    /** The text in one line, {@link #LONGEST} at most; an ellipsis ends what was cut. */
    public static String of(String text) {
        String line = MORE_THAN_WORDS.matcher(cut(text, LONGEST)).replaceAll(" ");
        return LONE_SURROGATE.matcher(line).replaceAll("\uFFFD");
    }

    /** The beginning of a text, with an ellipsis if there is more. */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
