package org.wucme.challenges.http;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;

/** The name or address in a Host header (RFC 9110 section 7.2), in the form that identifiers have. */
final class HostName {

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final int LONGEST = 300;

    private HostName() {}

    /** Never fails: what makes no sense gives a text that equals no identifier. */
    static String of(@Nullable String header) {
        if (header == null || header.length() > LONGEST) {
            return "";
        }
        String host = header.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : address(host.substring(1, end));
        }
        if (host.indexOf(':') != host.lastIndexOf(':')) {
            return address(host);
        }
        String name = PORT.matcher(host).replaceFirst("");
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String address(String text) {
        try {
            return Identifier.ip(text).value();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
