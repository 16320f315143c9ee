package org.wucme.store.file;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Jca;

/**
 * What files are called: wµCME's names, which every file system takes, ODS-2 among them (upper-case letters, digits, {@code
 * $}, {@code _} and {@code -}; at most 39 characters before the one dot, and as many after it).
 *
 * <p>Pure functions. Different identifiers have different names: where the plain form would be too long, or could be
 * another's, it ends in {@code $} and a hash, and {@code $} stands nowhere else.
 */
final class FileNames {

    /** What no certificate may be called, since it is the account's. */
    static final String ACCOUNT = "ACCOUNT";

    static final String LOCK = "WUCME_LOCK.LCK";

    /** The last fencing token of a lease. */
    static final String TOKENS = "WUCME_LOCK.SEQ";

    static final String ACTIVE_LOCK = "WUCME_ACTIVE.LCK";

    static final String ACTIVE = "WUCME_ACTIVE.JSON";

    static final String ALARMS = "WUCME_ALARMS.JSON";

    /** How the files of answers to challenges begin. */
    static final String ANSWER = "WUCME_B_";

    /** How the files of DNS records that are to be removed begin. */
    static final String JOURNALED = "WUCME_J_";

    // As many as leave a name of 39 characters.
    private static final int DIGITS = 39 - ANSWER.length();
    private static final int MAX_LENGTH = 39 - "WUCME_C_".length();
    private static final int HASH_LENGTH = 10;

    private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
    private static final Pattern HOST_NAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern LIKE_AN_ADDRESS =
            Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-f]{4}(\\.[0-9a-f]{4}){7}");
    private static final Pattern NAME = Pattern.compile("[A-Z0-9$_-]+");
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

    /** The name of a certificate with this first identifier. */
    static String nameOf(Identifier identifier) {
        String value = identifier.value().toLowerCase(Locale.ROOT);
        return switch (identifier.type()) {
            case Identifier.DNS -> nameOfHost(value);
            case Identifier.IP -> nameOfAddress(value);
            default -> hashed(value, identifier.type() + ":" + identifier.value());
        };
    }

    /** The name of an account that is not the default CA's. */
    static String accountNameOf(String directoryUrl) {
        return ACCOUNT + "$" + hash(directoryUrl);
    }

    /** The file of the directory of a CA. */
    static String directory(String directoryUrl) {
        return "WUCME_D_" + accountNameOf(directoryUrl) + ".JSON";
    }

    /** The file of an answer to a challenge. */
    static String answer(String type, String key) {
        return ANSWER + digits(type + " " + key) + ".JSON";
    }

    /** The file of a DNS record that is to be removed. */
    static String journaled(String record) {
        return JOURNALED + digits(record) + ".JSON";
    }

    private static String digits(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8))
                .substring(0, DIGITS)
                .toUpperCase(Locale.ROOT);
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

    static String requireName(String name) {
        if (!NAME.matcher(name).matches() || isReserved(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a stored certificate");
        }
        return name;
    }

    private static boolean isReserved(String name) {
        return name.equals(ACCOUNT) || name.startsWith(ACCOUNT + "$");
    }

    private static String nameOfHost(String host) {
        String plain = plain(host.startsWith("*.") ? host.substring(1) : host);
        boolean unmistakable = HOST_NAME.matcher(host).matches()
                && !LIKE_AN_ADDRESS.matcher(host).matches()
                && !plain.equals(ACCOUNT);
        return unmistakable && plain.length() <= MAX_LENGTH ? plain : hashed(plain, Identifier.DNS + ":" + host);
    }

    private static String nameOfAddress(String text) {
        Optional<byte[]> address = address(text);
        if (address.isEmpty()) {
            return hashed(text, Identifier.IP + ":" + text);
        }
        String inFull = inFull(address.get());
        String plain = plain(inFull);
        return plain.length() <= MAX_LENGTH ? plain : hashed(plain, Identifier.IP + ":" + inFull);
    }

    private static Optional<byte[]> address(String text) {
        try {
            // In canonical form it is an address for sure, and is never looked up.
            return Optional.of(
                    InetAddress.getByName(Identifier.ip(text).value()).getAddress());
        } catch (IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String inFull(byte[] address) {
        StringBuilder text = new StringBuilder();
        boolean ipv4 = address.length == 4;
        for (int i = 0; i < address.length; i++) {
            boolean groupBegins = i > 0 && (ipv4 || i % 2 == 0);
            text.append(groupBegins ? (ipv4 ? "." : ":") : "");
            text.append(
                    ipv4 ? Integer.toString(address[i] & 0xff) : HexFormat.of().toHexDigits(address[i]));
        }
        return text.toString();
    }

    private static String plain(String text) {
        return text.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9-]", "_");
    }

    private static String hashed(String text, String identity) {
        String plain = plain(text);
        String head = plain.substring(0, Math.min(plain.length(), MAX_LENGTH - HASH_LENGTH - 1));
        return (head.equals(ACCOUNT) ? head + "_" : head) + "$" + hash(identity);
    }

    private static String hash(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8))
                .substring(0, HASH_LENGTH)
                .toUpperCase(Locale.ROOT);
    }

    /** In hexadecimal, lower case. */
    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Jca.sha256().digest(content));
    }
}
