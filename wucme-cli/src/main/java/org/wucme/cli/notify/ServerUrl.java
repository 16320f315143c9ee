package org.wucme.cli.notify;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server as settings name it: {@code SCHEME://[USER@]HOST[:PORT]}.
 *
 * @param user who we are there; null if it does not ask. May contain an {@code @}, as the names of mailboxes do
 * @param host name or address, without the brackets of an IPv6 address
 */
record ServerUrl(String scheme, @Nullable String user, String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "([a-z+]+)://(?:([^\\s/\\p{Cntrl}]+)@)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/?");
    private static final int LAST_PORT = 0xffff;

    /**
     * Reads one.
     *
     * @param what it is for, for messages
     * @param schemes that are known, with the port that each usually has
     * @throws IllegalArgumentException if it is none; the message shows no password
     */
    static ServerUrl parse(String what, String text, Map<String, Integer> schemes) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !schemes.containsKey(form.group(1))) {
            String known = schemes.keySet().stream()
                    .sorted()
                    .map(scheme -> scheme + "://HOST[:PORT]")
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "the " + what + " cannot be understood; give it in one of these forms: " + known);
        }
        String user = form.group(2);
        if (user != null && user.contains(":")) {
            throw new IllegalArgumentException("the " + what + " contains a password, where others can see it");
        }
        String host = form.group(3).replaceAll("[\\[\\]]", "");
        return new ServerUrl(form.group(1), user, host, port(what, form.group(4), schemes.get(form.group(1))));
    }

    private static int port(String what, @Nullable String digits, int usual) {
        int port = digits == null ? usual : Integer.parseInt(digits);
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("the port of the " + what + " is not between 1 and " + LAST_PORT);
        }
        return port;
    }

    /**
     * Where it is now.
     *
     * @throws IOException if its name does not resolve
     */
    InetSocketAddress resolve() throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("the name does not resolve here");
        }
        return address;
    }

    /** Host and port, for messages. */
    String server() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
