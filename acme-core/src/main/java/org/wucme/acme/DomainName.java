package org.wucme.acme;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Domain names in the form certificates carry: A-labels by UTS 46, lower case, no trailing dot. */
final class DomainName {

    private static final String WILDCARD_PREFIX = "*.";
    private static final int MAX_LENGTH = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9]+");
    // Characters that a URL parser would understand as something else than part of a host.
    private static final Pattern NOT_IN_A_HOST = Pattern.compile("[\\s\\p{Cntrl}/\\\\?#@:%\\[\\]*]");

    private static final String A_LABEL_PREFIX = "xn--";
    // What UTS 46 leaves out of a name, or changes without a trace in it.
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\p{Mn}]");
    private static final Pattern DOT = Pattern.compile("[.\\x{3002}]");
    // RFC 5892 appendix A.1 and A.2, without their tables: a joiner belongs behind a mark, or into a cursive script.
    private static final Pattern STRAY_JOINER = Pattern.compile(
            "(?<!\\p{M})\\x{200d}|(?<![\\p{M}\\p{IsArabic}\\p{IsSyriac}\\p{IsMongolian}\\p{IsNko}])\\x{200c}");

    private DomainName() {}

    /** The form of a name, which may begin with {@code *.}. */
    static String toAscii(String name) {
        boolean wildcard = isWildcard(name);
        String ascii = hostName(name, withoutWildcard(name));
        String form = wildcard ? WILDCARD_PREFIX + ascii : ascii;
        if (form.length() > MAX_LENGTH) {
            throw invalid(name, "it is longer than " + MAX_LENGTH + " characters");
        }
        return form;
    }

    static boolean isWildcard(String name) {
        return name.startsWith(WILDCARD_PREFIX);
    }

    static String withoutWildcard(String name) {
        return isWildcard(name) ? name.substring(WILDCARD_PREFIX.length()) : name;
    }

    private static String hostName(String name, String host) {
        String withoutDot = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (withoutDot.isEmpty()) {
            throw invalid(name, "it is empty");
        }
        if (NOT_IN_A_HOST.matcher(withoutDot).find()) {
            throw invalid(name, "it has characters that no host name has");
        }
        if (STRAY_JOINER.matcher(withoutDot).find()) {
            throw invalid(name, "it has an invisible joiner where no script needs one");
        }
        String ascii = mapped(name, withoutDot);
        requireSameALabels(name, withoutDot, ascii);
        requireHostName(name, ascii);
        return ascii;
    }

    // OkHttp maps by UTS 46 without transitional processing; java.net.IDN (IDNA 2003) would give another domain.
    private static String mapped(String name, String withoutDot) {
        try {
            return new HttpUrl.Builder()
                    .scheme("https")
                    .host(withoutDot)
                    .build()
                    .host();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    message(
                            name,
                            "it has no form in ASCII (UTS 46) with 1 to 63 characters between dots and at most "
                                    + MAX_LENGTH + " in all"),
                    e);
        }
    }

    // The mapping reads "xn--abc-" as "abc", which is another domain.
    private static void requireSameALabels(String name, String host, String ascii) {
        String seen = Normalizer.normalize(UNSEEN.matcher(host).replaceAll(""), Normalizer.Form.NFKC);
        String[] given = DOT.split(seen.toLowerCase(Locale.ROOT), -1);
        String[] labels = ascii.split("\\.", -1);
        for (int i = 0; i < given.length && i < labels.length; i++) {
            if (given[i].startsWith(A_LABEL_PREFIX) && !given[i].equals(labels[i])) {
                throw invalid(name, "\"" + given[i] + "\" is not the ASCII form of anything");
            }
        }
    }

    private static void requireHostName(String name, String ascii) {
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid(
                        name,
                        "each part between dots has 1 to 63 letters, digits or hyphens, no hyphen at its ends, but not \""
                                + label + "\"");
            }
        }
        if (NUMERIC.matcher(labels[labels.length - 1]).matches()) {
            throw invalid(name, "its last part is a number, so it is neither a name nor an address");
        }
    }

    private static IllegalArgumentException invalid(String name, String why) {
        return new IllegalArgumentException(message(name, why));
    }

    private static String message(String name, String why) {
        return "\"" + name + "\" is not a domain name: " + why;
    }
}
