package org.wucme.challenges;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many connections a server of ours holds, and how long a client may take for its request. Immutable.
 *
 * <p>Unfinished requests occupy no thread. When all connections are taken, a new one replaces the oldest connection of the
 * client address (IPv4 address, IPv6 /64) that holds the most.
 *
 * @param connections open connections per server, at least 1; each needs a file descriptor
 * @param request time from the connection to the complete request or TLS handshake; the client has the same time again to
 *     read the answer
 */
public record ConnectionLimits(int connections, Duration request) {

    /** The most connections by default, where the process may open enough files. */
    public static final int DEFAULT_CONNECTIONS = 4096;

    /** The time for a request by default. */
    public static final Duration DEFAULT_REQUEST = Duration.ofSeconds(10);

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d+)");
    private static final int USUAL_OPEN_FILES = 1024;

    // One process may have three servers (http-01, tls-alpn-01, report), and needs files for its other work.
    private static final int SHARE_OF_OPEN_FILES = 4;

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public ConnectionLimits {
        if (connections < 1 || request.isNegative() || request.isZero()) {
            throw new IllegalArgumentException(
                    "a server needs at least one connection and some time for a request, not " + connections + " and "
                            + request);
        }
    }

    /**
     * {@link #DEFAULT_REQUEST}, and {@link #DEFAULT_CONNECTIONS} or a quarter of the files that this process may open, if
     * that is less. That limit is known on Linux; elsewhere it is taken to be 1024.
     */
    public static ConnectionLimits defaults() {
        int share = Math.max(1, openFiles() / SHARE_OF_OPEN_FILES);
        return new ConnectionLimits(Math.min(DEFAULT_CONNECTIONS, share), DEFAULT_REQUEST);
    }

    /** These limits with another number of connections. */
    public ConnectionLimits withConnections(int connections) {
        return new ConnectionLimits(connections, request);
    }

    /** These limits with another time for a request. */
    public ConnectionLimits withRequest(Duration request) {
        return new ConnectionLimits(connections, request);
    }

    private static int openFiles() {
        try {
            return openFiles(Files.readString(LIMITS, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return USUAL_OPEN_FILES;
        }
    }

    /** The soft limit in the text of /proc/self/limits. */
    static int openFiles(String limits) {
        Matcher line = OPEN_FILES.matcher(limits);
        if (!line.find()) {
            return limits.contains("Max open files") ? Integer.MAX_VALUE : USUAL_OPEN_FILES;
        }
        return line.group(1).length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(line.group(1));
    }
}
