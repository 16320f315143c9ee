package org.wucme.acme;

import java.util.regex.Pattern;

/** Contact URLs (RFC 8555 section 7.3): for mail, one address and no header fields. */
final class Contacts {

    private static final Pattern MAILTO = Pattern.compile("mailto:[^\\s,?@:]+@[^\\s,?@:]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern OTHER_URL =
            Pattern.compile("(?!mailto:)[a-z][a-z0-9+.-]*:\\S+", Pattern.CASE_INSENSITIVE);

    private Contacts() {}

    static String requireValid(String url) {
        if (MAILTO.matcher(url).matches() || OTHER_URL.matcher(url).matches()) {
            return url;
        }
        throw new IllegalArgumentException("\"" + url
                + "\" is not a contact: a contact is a URL such as mailto:hostmaster@example.org, with one address");
    }
}
