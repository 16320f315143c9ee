package org.wucme.cli;

import org.wucme.acme.Identifier;

/**
 * A host to check, and the port to ask.
 *
 * @param identifier name or address
 */
record HostPort(Identifier identifier, int port) {

    /**
     * Reads {@code HOST}, {@code HOST:PORT}, an IPv6 address, or one in brackets with a port.
     *
     * @param usualPort for a host without a port
     */
    static HostPort parse(String text, int usualPort) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = (hasPort ? text.substring(0, colon) : text).replaceAll("^\\[(.*)]$", "$1");
        return new HostPort(Identifier.of(host), hasPort ? port(text.substring(colon + 1)) : usualPort);
    }

    /**
     * Reads a port.
     *
     * @throws IllegalArgumentException if it is none
     */
    static int port(String text) {
        // 0 is for programs that take any port that is free.
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 0xffff) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a port");
    }
}
