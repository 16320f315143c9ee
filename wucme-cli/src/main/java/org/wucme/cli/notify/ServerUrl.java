package org.wucme.cli.notify;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server as settings name it: {@code SCHEME://[USER@]HOST[:PORT]}. What a URL cannot contain as it is, a {@code /} or
 * {@code %} in USER, is escaped (RFC 3986 section 2.1); all else may be.
 *
 * @param user who we are there, without escapes; null if it does not ask. May contain an {@code @}, as the names of mailboxes
 *     do
 * @param host name or address, without the brackets of an IPv6 address
 */
record ServerUrl(String scheme, @Nullable String user, String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "([a-z+]+)://(?:([^\\s/\\p{Cntrl}]+)@)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/?");
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}\uFFFD]+");
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
        String user = form.group(2) == null ? null : user(what, form.group(2));
        String host = form.group(3).replaceAll("[\\[\\]]", "");
        return new ServerUrl(form.group(1), user, host, port(what, form.group(4), schemes.get(form.group(1))));
    }

    private static String user(String what, String escaped) {
        String user = unescaped(what, escaped);
        // Also if it is escaped: what follows may be a password, and the name is shown in messages.
        if (user.contains(":")) {
            throw new IllegalArgumentException("the " + what + " contains a password, where others can see it");
        }
        if (!PRINTABLE.matcher(user).matches()) {
            throw new IllegalArgumentException("the user of the " + what + " contains what is no text");
        }
        return user;
    }

    private static String unescaped(String what, String escaped) {
        try {
            // Of forms, where this decoder is at home, a plus sign is a blank.
            return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("in the user of the " + what
                    + ", a percent sign begins no escape such as %40 for @; write %25 for" + " the sign itself");
        }
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
