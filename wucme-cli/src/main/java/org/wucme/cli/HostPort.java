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

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 0xffff) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a port", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a port");
    }

    /** The host as it stands in a URL. */
    String urlHost() {
        String value = identifier.value();
        return (value.contains(":") ? "[" + value + "]" : value) + ":" + port;
    }
}
