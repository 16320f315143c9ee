package org.wucme.cli.notify;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a syslog daemon sorts messages by (RFC 5424 section 6.2.1). */
enum Facility {
    USER(1),
    MAIL(2),
    DAEMON(3),
    AUTH(4),
    SYSLOG(5),
    LPR(6),
    CRON(9),
    AUTHPRIV(10),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private static final int LOCALS = 8;

    // OPCOM's classes of operators; those for devices have none here, and what runs in the background is the nearest.
    private static final Map<String, Facility> OPCOM = Map.ofEntries(
            Map.entry("central", DAEMON),
            Map.entry("software", DAEMON),
            Map.entry("network", DAEMON),
            Map.entry("cluster", DAEMON),
            Map.entry("license", DAEMON),
            Map.entry("devices", DAEMON),
            Map.entry("disks", DAEMON),
            Map.entry("tapes", DAEMON),
            Map.entry("cards", DAEMON),
            Map.entry("printer", LPR),
            Map.entry("security", AUTHPRIV));

    private final int code;

    Facility(int code) {
        this.code = code;
    }

    /** The number in a message. */
    int code() {
        return code;
    }

    /** As {@code syslog.conf} and {@code logger} call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a list, separated by commas, of OPCOM's classes of operators, as in wµCME, and of syslog's own names.
     *
     * @throws IllegalArgumentException if one is neither, or there is none
     */
    static Set<Facility> parse(String list) {
        EnumSet<Facility> facilities = EnumSet.noneOf(Facility.class);
        Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .map(Facility::of)
                .forEach(facilities::add);
        if (facilities.isEmpty()) {
            throw new IllegalArgumentException(
                    "WUCME_OPCOM is given, but names no class of operators, such as central");
        }
        return facilities;
    }

    private static Facility of(String word) {
        Facility named = OPCOM.get(word);
        if (named != null) {
            return named;
        }
        if (word.matches("oper([1-9]|1[0-2])")) {
            // There are twelve operators there, and eight local facilities here.
            int operator = Integer.parseInt(word.substring("oper".length()));
            return valueOf("LOCAL" + (Math.min(operator, LOCALS) - 1));
        }
        return Arrays.stream(values())
                .filter(facility -> facility.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is neither a class of operators"
                        + " (central, network, security, software, oper1 to oper12, …) nor a syslog facility (daemon,"
                        + " local0 to local7, …)"));
    }
}
