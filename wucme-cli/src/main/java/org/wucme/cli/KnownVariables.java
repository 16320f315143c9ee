package org.wucme.cli;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The names of all variables that mean something to a command: told without the models of all commands, which cost time. */
final class KnownVariables {

    private static final String PREFIX = "WUCME_";
    private static final Set<String> NAMES = Set.of("""
            ACCOUNT_KEY_TYPE ACTIVE AGREE_TOS CA CA_BUNDLE CA_HTTP_PORT CA_TLS_PORT CHALLENGE DRY_RUN EAB_KEY
            EAB_KID FORCE FROM HERE HTTP_BIND HTTP_PATH_PREFIX HTTP_PORT JSON KEY_TYPE LINES LISTEN LOAD
            LOG_FILE MAIL MAIL_FROM MAINTENANCE_WINDOW MAX_CONNECTIONS NOTICES_A_DAY NOTIFY_COMMAND NOW NO_CONTACTS OFFLINE OPCOM PASSWORD_FILE PEM
            PKCS12 PREFERRED_CHAIN PROFILE PROXY REASON RENEW_DURING REPORT_BIND REPORT_NAME REPORT_PASSWORD_FILE REPORT_PORT REPORT_TLS
            RESOLVER SECONDS SMTP SMTP_PASSWORD SMTP_PASSWORD_FILE SYSLOG TLS_BIND TLS_PORT VERBOSE WEBHOOK
            WEBROOT YES
            """.strip().split("\\s+"));
    private static final int MOST_MISTAKES = 2;

    private KnownVariables() {}

    /** All names, without what they begin with. */
    static Set<String> names() {
        return NAMES;
    }

    /** Whether a name looks like one of ours, and is none. */
    static boolean isMisspelt(String name) {
        return name.toUpperCase(Locale.ROOT).startsWith(PREFIX) && !isKnown(name);
    }

    private static boolean isKnown(String name) {
        return name.startsWith(PREFIX) && NAMES.contains(name.substring(PREFIX.length()));
    }

    /** The name that was meant, if one is so like it that it may be. */
    static Optional<String> meant(String name) {
        String written = name.substring(PREFIX.length()).toUpperCase(Locale.ROOT);
        return NAMES.stream()
                .filter(known -> mistakes(written, known) <= MOST_MISTAKES)
                .min(Comparator.<String>comparingInt(known -> mistakes(written, known))
                        .thenComparing(Comparator.naturalOrder()))
                .map(PREFIX::concat);
    }

    /** How many characters are missing, too many, or others (the distance of Levenshtein). */
    private static int mistakes(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[before.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int exchanged = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }
}
