package org.wucme.acme;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Addresses in the text form RFC 8738 section 3 asks for: dotted decimal, or RFC 5952. */
final class IpAddress {

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]+");
    private static final Pattern TWO_COLONS = Pattern.compile(".*:.*:.*");

    private IpAddress() {}

    static boolean looksLike(String text) {
        return DIGITS_AND_DOTS.matcher(text).matches()
                || (IPV6_CHARACTERS.matcher(text).matches()
                        && TWO_COLONS.matcher(text).matches());
    }

    static String canonical(String text) {
        if (IPV4.matcher(text).matches()) {
            return text;
        }
        if (text.indexOf(':') < 0 || !IPV6_CHARACTERS.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 or IPv6 address");
        }
        String canonical = rfc5952(text);
        if (canonical.indexOf(':') < 0) {
            throw new IllegalArgumentException("\"" + text + "\" stands for an IPv4 address: write it as one");
        }
        return canonical;
    }

    // OkHttp reads strictly and writes RFC 5952; InetAddress would look up what it cannot read, and cannot write it so.
    private static String rfc5952(String text) {
        try {
            return new HttpUrl.Builder().scheme("https").host(text).build().host();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 address", e);
        }
    }
}
