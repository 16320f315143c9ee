package org.wucme.cli.notify;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the addresses of {@code WUCME_MAIL}. */
final class MailAddresses {

    // As a VMS user writes the address of another system's user: smtp%"name@host".
    private static final Pattern VMS = Pattern.compile("(?i)smtp%\"*([^\"]*)\"*");

    // RFC 5321 section 4.1.2, without quoted strings.
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final Pattern LOCAL = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*|\\[[0-9A-Za-z:.]+]");

    private MailAddresses() {}

    /**
     * Reads a list, separated by commas. A name without a host is a user of this machine, as in wµCME.
     *
     * @throws IllegalArgumentException if there is none, or something else
     */
    static List<String> parse(String list, String thisHost) {
        List<String> addresses = Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .map(entry -> address(entry, thisHost))
                .distinct()
                .toList();
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no mail address is given; give NAME@HOST, or several with commas");
        }
        return addresses;
    }

    /** Whether a text is a whole address by itself. */
    static boolean isWithHost(String text) {
        int at = text.lastIndexOf('@');
        return at >= 0
                && LOCAL.matcher(text.substring(0, at)).matches()
                && DOMAIN.matcher(text.substring(at + 1)).matches();
    }

    /** Reads one. */
    static String address(String entry, String thisHost) {
        Matcher vms = VMS.matcher(entry);
        String plain = vms.matches() ? vms.group(1).strip() : entry;
        String address = plain.contains("@") ? plain : plain + "@" + thisHost;
        if (!isWithHost(address)) {
            throw new IllegalArgumentException(
                    "\"" + plain + "\" is not a mail address; give NAME@HOST, or NAME for a user of this machine");
        }
        return address;
    }
}
