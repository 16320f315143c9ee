package org.wucme.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Jca;

/**
 * The names under which certificates are stored, the same for ever and in every store: upper-case letters, digits, {@code $},
 * {@code _} and {@code -}, at most 31 characters, so that they can stand in file names everywhere.
 *
 * <p>Pure functions. Different identifiers have different names: where the plain form would be too long, or could be
 * another's, it ends in {@code $} and a hash, and {@code $} stands nowhere else.
 */
public final class StoredNames {

    // In a folder, it is the account's.
    private static final String ACCOUNT = "ACCOUNT";
    private static final int MAX_LENGTH = 31;
    private static final int HASH_LENGTH = 10;

    private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
    private static final Pattern HOST_NAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern LIKE_AN_ADDRESS =
            Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-f]{4}(\\.[0-9a-f]{4}){7}");
    private static final Pattern NAME = Pattern.compile("[A-Z0-9$_-]+");

    private StoredNames() {}

    /** The name of a certificate that is requested so: its own, mapped as a host is, or that of its first identifier. */
    public static String nameOf(CertificateSpec spec) {
        String own = spec.name();
        return own == null ? nameOf(spec.identifiers().get(0)) : nameOfHost(own.toLowerCase(Locale.ROOT));
    }

    /** The name of a certificate with this first identifier. */
    public static String nameOf(Identifier identifier) {
        String value = identifier.value().toLowerCase(Locale.ROOT);
        return switch (identifier.type()) {
            case Identifier.DNS -> nameOfHost(value);
            case Identifier.IP -> nameOfAddress(value);
            default -> hashed(value, identifier.type() + ":" + identifier.value());
        };
    }

    /** Whether a certificate can be stored under a name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals(ACCOUNT) && !name.startsWith(ACCOUNT + "$");
    }

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException if no certificate can be stored under it
     */
    public static String requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a stored certificate");
        }
        return name;
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
        byte[] digest = Jca.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().withUpperCase().formatHex(digest).substring(0, HASH_LENGTH);
    }
}
