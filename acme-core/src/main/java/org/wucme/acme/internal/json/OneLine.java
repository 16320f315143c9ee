package org.wucme.acme.internal.json;

import java.util.regex.Pattern;

/** Words of others that go into logs and onto terminals, where some characters would be more than words. */
public final class OneLine {

    private static final Pattern LINE_BREAKERS = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]+");

    private OneLine() {}

    /** The words with a space in the place of what breaks a line or commands a terminal. */
    public static String of(String words) {
        return LINE_BREAKERS.matcher(words).replaceAll(" ");
    }
}
