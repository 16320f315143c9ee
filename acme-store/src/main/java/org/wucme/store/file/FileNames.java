package org.wucme.store.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.store.StoredNames;

/**
 * What files are called: wµCME's names, which every file system takes, ODS-2 among them (upper-case letters, digits, {@code
 * $}, {@code _} and {@code -}; at most 39 characters before the one dot, and as many after it).
 *
 * <p>Pure functions. Different identifiers have different names: where the plain form would be too long, or could be
 * another's, it ends in {@code $} and a hash, and {@code $} stands nowhere else.
 */
final class FileNames {

    /** What the files of the default CA's account are called; no certificate is. */
    static final String ACCOUNT = "ACCOUNT";

    static final String LOCK = "WUCME_LOCK.LCK";

    /** The last fencing token of a lease. */
    static final String TOKENS = "WUCME_LOCK.SEQ";

    static final String ACTIVE_LOCK = "WUCME_ACTIVE.LCK";

    static final String ACTIVE = "WUCME_ACTIVE.JSON";

    static final String ALARMS = "WUCME_ALARMS.JSON";

    /** How the files of answers to challenges begin. */
    static final String ANSWER = "WUCME_B_";

    private static final String BUDGET = "WUCME_U_";
    private static final String COMPROMISED = "WUCME_M_";

    /** How the files of DNS records that are to be removed begin. */
    static final String JOURNALED = "WUCME_J_";

    // As many as leave a name of 39 characters.
    private static final int DIGITS = 39 - ANSWER.length();
    private static final int HASH_LENGTH = 10;

    private static final Pattern FILE = Pattern.compile(
            "WUCME_(?:C_([A-Z0-9$_-]+)\\.PEM|K_([A-Z0-9$_-]+)\\.PEM|R_([A-Z0-9$_-]+)\\.JSON)(_NEXT)?(_TMP)?",
            Pattern.CASE_INSENSITIVE);

    private FileNames() {}

    static String certificate(String name) {
        return "WUCME_C_" + name + ".PEM";
    }

    static String key(String name) {
        return "WUCME_K_" + name + ".PEM";
    }

    static String nextKey(String name) {
        return key(name) + "_NEXT";
    }

    static String renewal(String name) {
        return "WUCME_R_" + name + ".JSON";
    }

    /** See {@link StoredNames#nameOf(Identifier)}. */
    static String nameOf(Identifier identifier) {
        return StoredNames.nameOf(identifier);
    }

    /** See {@link StoredNames#requireName}. */
    static String requireName(String name) {
        return StoredNames.requireName(name);
    }

    private static boolean isReserved(String name) {
        return !StoredNames.isName(name);
    }

    /** The name of an account that is not the default CA's. */
    static String accountNameOf(String directoryUrl) {
        return ACCOUNT + "$" + digits(directoryUrl, HASH_LENGTH);
    }

    /** The file of the directory of a CA. */
    static String directory(String directoryUrl) {
        return "WUCME_D_" + accountNameOf(directoryUrl) + ".JSON";
    }

    /** The file of an answer to a challenge. */
    static String answer(String type, String key) {
        return ANSWER + digits(type + " " + key, DIGITS) + ".JSON";
    }

    /** The file of a DNS record that is to be removed. */
    static String journaled(String record) {
        return JOURNALED + digits(record, DIGITS) + ".JSON";
    }

    /** The file of a budget. */
    static String budget(String name) {
        return BUDGET + digits(name, DIGITS) + ".JSON";
    }

    /** The file of a key that others may know. */
    static String compromised(String digest) {
        return COMPROMISED + digits(digest, DIGITS) + ".JSON";
    }

    private static String digits(String text, int count) {
        return sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, count).toUpperCase(Locale.ROOT);
    }

    /** The name of the certificate that a file belongs to, whichever of its files that is. */
    static Optional<String> nameIn(String fileName) {
        Matcher matcher = FILE.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        for (int group = 1; group <= 3; group++) {
            if (matcher.group(group) != null) {
                String name = matcher.group(group).toUpperCase(Locale.ROOT);
                return isReserved(name) ? Optional.empty() : Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** In hexadecimal, lower case. */
    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Jca.sha256().digest(content));
    }
}
