package org.wucme.cli.notify;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A notice as a line of syslog (RFC 5424). */
final class SyslogMessage {

    static final String APPLICATION = "wucme";

    // What every receiver should take (RFC 5424 section 6.1), and what fits into two packets.
    private static final int LONGEST = 2048;

    private SyslogMessage() {}

    /**
     * The whole message, without what ends it on the way.
     *
     * @param machine where it comes from
     */
    static byte[] of(Notice notice, Facility facility, String machine) {
        return encode("<" + priority(notice.severity(), facility) + ">1 "
                + notice.time().truncatedTo(ChronoUnit.MILLIS) + " " + name(machine) + " " + APPLICATION + " "
                + ProcessHandle.current().pid() + " " + notice.event().word() + " - " + words(notice));
    }

    /** What is said, in one line. */
    static String words(Notice notice) {
        String reason = notice.reason();
        Stream<String> others = notice.lines().stream().filter(line -> !line.equals(reason));
        String first = reason.isEmpty() ? notice.title() : notice.title() + ": " + reason;
        return Stream.concat(Stream.of(first), others).collect(Collectors.joining(" | "));
    }

    /** As {@code logger} calls it. */
    static String level(Notice.Severity severity) {
        return switch (severity) {
            case SUCCESS -> "notice";
            case INFO -> "info";
            case FAILURE -> "err";
            case ALARM -> "crit";
        };
    }

    private static int priority(Notice.Severity severity, Facility facility) {
        int level = switch (severity) {
            case SUCCESS -> 5;
            case INFO -> 6;
            case FAILURE -> 3;
            case ALARM -> 2;
        };
        return facility.code() * 8 + level;
    }

    private static String name(String host) {
        return host.matches("[\\x21-\\x7e]{1,255}") ? host : "-";
    }

    // Stops before a character that does not fit whole.
    private static byte[] encode(String message) {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        encoder.encode(CharBuffer.wrap(message), bytes, true);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
