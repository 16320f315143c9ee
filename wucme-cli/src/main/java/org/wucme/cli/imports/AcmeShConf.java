package org.wucme.cli.imports;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of acme.sh's files of settings: {@code NAME='value'}, values with special characters in base64. */
final class AcmeShConf {

    private static final Pattern LINE = Pattern.compile("(\\w+)=(?:'([^']*)'|\"([^\"]*)\"|(\\S*))\\s*");
    private static final Pattern ENCODED = Pattern.compile("__ACME_BASE64__START_([A-Za-z0-9+/=]*)__ACME_BASE64__END_");
    private static final String NONE = "no";

    private AcmeShConf() {}

    /** The values, without those that say that there is none. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                String value = decoded(firstOf(matcher.group(2), matcher.group(3), matcher.group(4)));
                boolean isNone = value.isBlank()
                        || (value.equals(NONE) && !matcher.group(1).equals("Le_Webroot"));
                if (!isNone) {
                    values.put(matcher.group(1), value);
                }
            }
        }
        return Map.copyOf(values);
    }

    private static String firstOf(String... groups) {
        for (String group : groups) {
            if (group != null) {
                return group;
            }
        }
        return "";
    }

    private static String decoded(String value) {
        Matcher matcher = ENCODED.matcher(value);
        if (!matcher.matches()) {
            return value;
        }
        try {
            return new String(Base64.getDecoder().decode(matcher.group(1)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
