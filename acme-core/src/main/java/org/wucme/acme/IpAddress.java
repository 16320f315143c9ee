package org.wucme.acme;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses in the text form RFC 8738 section 3 asks for: dotted decimal, or RFC 5952. */
final class IpAddress {

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]+");

    private IpAddress() {}

    static boolean looksLike(String text) {
        return text.indexOf(':') >= 0 || DIGITS_AND_DOTS.matcher(text).matches();
    }

    static String canonical(String text) {
        if (IPV4.matcher(text).matches()) {
            return text;
        }
        if (text.indexOf(':') < 0 || !IPV6_CHARACTERS.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 or IPv6 address");
        }
        return rfc5952(parse(text));
    }

    private static Inet6Address parse(String text) {
        try {
            // A text with a colon is never looked up by InetAddress.
            if (InetAddress.getByName(text) instanceof Inet6Address address) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 address", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" stands for an IPv4 address: write it as one");
    }

    private static String rfc5952(Inet6Address address) {
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int[] zeros = longestRunOfZeros(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == zeros[0]) {
                text.append("::");
                i += zeros[1] - 1;
            } else {
                boolean separate = text.length() > 0 && text.charAt(text.length() - 1) != ':';
                text.append(separate ? ":" : "").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Start and length of the first longest run of at least two zero groups; start -1 if there is none. */
    private static int[] longestRunOfZeros(int[] groups) {
        int[] best = {-1, 1};
        int start = 0;
        while (start < groups.length) {
            int end = start;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - start > best[1]) {
                best = new int[] {start, end - start};
            }
            start = end + 1;
        }
        return best;
    }
}
