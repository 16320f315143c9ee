package org.wucme.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names and addresses that never lead to another machine, whatever DNS says (RFC 6761 section 6.3). */
public final class ThisMachine {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.*\\.localhost|127(\\.[0-9]+){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");

    private ThisMachine() {}

    /** Whether a host is one of these. */
    public static boolean isMeantBy(String host) {
        return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
