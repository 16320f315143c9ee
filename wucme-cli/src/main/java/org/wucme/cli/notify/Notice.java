package org.wucme.cli.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.wucme.acme.internal.text.OneLine;

/**
 * What an administrator is told, fit for every target: whoever wrote a part of it, no part breaks a line or commands a
 * terminal. Immutable.
 *
 * @param event what happened
 * @param certificate what the store calls the certificate; empty if it is not about one
 * @param names what the certificate is for, as far as known
 * @param files where the certificate is, for servers that read it; empty if that did not change
 * @param title what happened, without the reason
 * @param reason why, in full; empty if there is nothing to say of it. It stands among the lines, too
 * @param lines all of it but the title, for a human
 * @param time when it happened
 * @param host the machine that tells it
 */
public record Notice(
        Event event,
        String certificate,
        List<String> names,
        List<String> files,
        String title,
        String reason,
        List<String> lines,
        Instant time,
        String host) {

    /** How much it matters. */
    public enum Severity {
        /** It worked. */
        SUCCESS,
        /** Good to know. */
        INFO,
        /** It did not work; it is tried again. */
        FAILURE,
        /** A human must act. */
        ALARM
    }

    /** What happened. */
    public enum Event {
        /** A first certificate was obtained. */
        OBTAINED(Severity.SUCCESS),
        /** A certificate was renewed. */
        RENEWED(Severity.SUCCESS),
        /** An attempt to obtain or renew a certificate failed. */
        FAILED(Severity.FAILURE),
        /** What was to be done with a stored certificate worked at last, after it had failed. */
        LOADED(Severity.SUCCESS),
        /** A certificate was not renewed, and little of its lifetime is left. */
        EXPIRES_SOON(Severity.ALARM),
        /** The same, and it has ended. */
        EXPIRED(Severity.ALARM),
        /** The CA refuses what it will always refuse. */
        REFUSED(Severity.ALARM),
        /** What the store holds cannot be used as it is. */
        NEEDS_HELP(Severity.ALARM),
        /** What is to be done with a stored certificate failed. */
        NOT_LOADED(Severity.FAILURE),
        /** The same, again and again. */
        STILL_NOT_LOADED(Severity.ALARM),
        /** The CA wants a renewal at another time, and explains that to humans. */
        RENEWAL_MOVED(Severity.INFO),
        /** This manager took over from another one. */
        TAKEOVER(Severity.INFO),
        /** The manager itself met something that it was not made for. */
        TROUBLE(Severity.FAILURE),
        /** So much happened that not all of it could be told. */
        EVENTS_LOST(Severity.INFO),
        /** Nothing; somebody tries whether notices arrive. */
        TEST(Severity.INFO);

        private final Severity severity;

        Event(Severity severity) {
            this.severity = severity;
        }

        /** How much it matters. */
        public Severity severity() {
            return severity;
        }

        /** As programs read it, such as {@code expires-soon}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int LONGEST_SUBJECT = 200;
    private static final int LONGEST_LINE = 2000;
    private static final int MOST_LINES = 50;

    public Notice {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(time, "time");
        certificate = clean(certificate, LONGEST_SUBJECT);
        names = names.stream().map(name -> clean(name, LONGEST_SUBJECT)).toList();
        files = files.stream().map(file -> clean(file, LONGEST_LINE)).toList();
        title = clean(title, LONGEST_SUBJECT);
        reason = clean(reason, LONGEST_LINE);
        lines = lines.stream()
                .limit(MOST_LINES)
                .map(line -> clean(line, LONGEST_LINE))
                .toList();
        host = clean(host, LONGEST_SUBJECT);
    }

    private static String clean(String text, int longest) {
        String line = OneLine.of(text).strip();
        if (line.codePointCount(0, line.length()) <= longest) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, longest - 1)) + "…";
    }

    /** How much it matters. */
    public Severity severity() {
        return event.severity();
    }

    /** All of it in one short line. */
    public String subject() {
        return clean(line(), LONGEST_SUBJECT);
    }

    /** All of it in one line, with the reason in full. */
    String line() {
        return reason.isEmpty() ? title : title + ": " + reason;
    }

    /** Title and lines, one below the other. */
    public String text() {
        return title + "\n\n" + String.join("\n", lines) + "\n";
    }

    /** The same, with more to say. */
    Notice with(String line) {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        return new Notice(event, certificate, names, files, title, reason, more, time, host);
    }
}
