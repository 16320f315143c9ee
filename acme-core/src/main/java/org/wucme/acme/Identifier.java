package org.wucme.acme;

import java.util.Map;
import java.util.Objects;
import org.wucme.acme.internal.text.OneLine;

/**
 * What a certificate is for: a name or an address (RFC 8555 section 7.1.3, RFC 8738).
 *
 * <p>The factories bring their input into the one form that CAs accept: A-labels in lower case for names, RFC 5952 for
 * IPv6. The constructor takes both parts as they are, which is right for what a CA sent.
 *
 * @param type {@link #DNS}, {@link #IP}, or another type that a CA may know
 * @param value the name or address
 */
public record Identifier(String type, String value) {

    /** The type of a domain name. */
    public static final String DNS = "dns";

    /** The type of an IP address (RFC 8738). */
    public static final String IP = "ip";

    public Identifier {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(value, "value");
    }

    /**
     * A domain name, possibly internationalized, possibly a wildcard ({@code *.example.org}).
     *
     * @throws IllegalArgumentException if this is not a name that a certificate can carry; the message says why
     */
    public static Identifier dns(String name) {
        return new Identifier(DNS, DomainName.toAscii(name));
    }

    /**
     * An IPv4 or IPv6 address; a name is never looked up.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static Identifier ip(String address) {
        return new Identifier(IP, IpAddress.canonical(address));
    }

    /**
     * A name or an address, whichever the text is.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Identifier of(String nameOrAddress) {
        String text = nameOrAddress.strip();
        if (IpAddress.looksLike(text)) {
            return ip(text);
        }
        if (text.contains(":") || text.contains("/")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a name or an address alone: leave out scheme, port, path and brackets");
        }
        return dns(text);
    }

    /**
     * Whether this is a domain name or an IP address, which stand in signing requests and in certificates in forms that can be
     * compared. Identifiers of other types stand there in forms of their own.
     */
    public boolean isNameOrAddress() {
        return type.equals(DNS) || type.equals(IP);
    }

    /** Whether this is a domain name that begins with {@code *.}. */
    public boolean isWildcard() {
        return type.equals(DNS) && DomainName.isWildcard(value);
    }

    /** The domain name that a wildcard is for, without its {@code *.}; anything else as it is. */
    public Identifier withoutWildcard() {
        return isWildcard() ? new Identifier(type, DomainName.withoutWildcard(value)) : this;
    }

    /** Whether this is a domain name, perhaps with a wildcard, that lies in a domain without being it. */
    boolean isBelow(Identifier domain) {
        return type.equals(DNS) && domain.type.equals(DNS) && value.endsWith("." + domain.value);
    }

    /** How it is written in JSON. */
    Map<String, String> members() {
        return Map.of("type", type, "value", value);
    }

    /** The value; in one line, even if it is a CA's that has more. */
    @Override
    public String toString() {
        return OneLine.of(value);
    }
}
