package org.wucme.cli.doctor;

import org.wucme.acme.internal.text.OneLine;

/**
 * What was found about one thing. Immutable.
 *
 * @param grade how bad it is
 * @param subject what was looked at, such as {@code dns}
 * @param text what was found, and what to do about it
 */
public record Finding(Grade grade, String subject, String text) {

    public Finding {
        // Part of it may be the words of a name server, or of a web server.
        text = OneLine.of(text);
    }

    /** How bad a finding is. */
    public enum Grade {
        /** As it should be. */
        OK,
        /** May be right, or may become a problem. */
        WARNING,
        /** An issuance would fail. */
        PROBLEM
    }

    /** As it should be. */
    public static Finding ok(String subject, String text) {
        return new Finding(Grade.OK, subject, text);
    }

    /** What may be right, or may become a problem. */
    public static Finding warning(String subject, String text) {
        return new Finding(Grade.WARNING, subject, text);
    }

    /** What would make an issuance fail. */
    public static Finding problem(String subject, String text) {
        return new Finding(Grade.PROBLEM, subject, text);
    }
}
