package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** What a certificate is for (RFC 8555 section 9.7.7; RFC 8738 for {@code ip}, RFC 8823 for {@code email}). */
record Identifier(String type, String value) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern MAIL_ADDRESS = Pattern.compile("[^@*\\s]+@[^@*\\s]+");
    private static final Pattern LIKE_IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final Pattern IPV4 =
            Pattern.compile("(?!.*\\.$)((0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.|$)){4}");

    /** Reads an identifier of newOrder; anything but its one canonical spelling is refused. */
    static Identifier parse(JsonNode node) {
        Identifier identifier =
                new Identifier(Json.text(node, "type", "An identifier"), Json.text(node, "value", "An identifier"));
        boolean good = switch (identifier.type) {
            case "dns" -> identifier.isDnsName();
            case "ip" -> isIpAddress(identifier.value);
            case "email" -> MAIL_ADDRESS.matcher(identifier.value).matches();
            case "permanent-identifier", "hardware-module" -> !identifier.value.isBlank();
            default ->
                throw new Problem(400, "unsupportedIdentifier", "No identifiers of type \"" + identifier.type + "\"");
        };
        if (!good) {
            throw Problem.malformed("The " + identifier.type + " identifier \"" + identifier.value
                    + "\" is not in canonical form (lower-case A-labels, or an address as in RFC 8738)");
        }
        return identifier;
    }

    boolean isDns() {
        return type.equals("dns");
    }

    /** Whether requests and certificates have it among their names, in a form that can be compared. */
    boolean isNameOrAddress() {
        return isDns() || type.equals("ip");
    }

    boolean isWildcard() {
        return isDns() && value.startsWith("*.");
    }

    /** The identifier that is to be validated: that of a wildcard is its base domain (RFC 8555 section 7.1.4). */
    Identifier base() {
        return isWildcard() ? new Identifier(type, value.substring(2)) : this;
    }

    boolean isIpv6() {
        return type.equals("ip") && value.indexOf(':') >= 0;
    }

    ObjectNode toJson() {
        return Json.object().put("type", type).put("value", value);
    }

    private boolean isDnsName() {
        String name = base().value;
        if (name.length() > 253 || LIKE_IPV4.matcher(name).matches()) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpAddress(String value) {
        if (value.indexOf(':') < 0) {
            return IPV4.matcher(value).matches();
        }
        HttpUrl url = HttpUrl.parse("http://[" + value + "]/");
        return url != null && url.host().equals(value);
    }
}
