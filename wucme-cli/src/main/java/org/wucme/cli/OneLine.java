package org.wucme.cli;

/** Text from outside, such as the words of a CA, made fit for a log and a terminal: one line, no control characters. */
final class OneLine {

    private OneLine() {}

    static String of(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
}
