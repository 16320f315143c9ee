package org.wucme.cli.imports;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the section {@code [renewalparams]} of one of certbot's files says: {@code name = value}, lists with commas. */
final class CertbotConf {

    private final Map<String, String> values;

    private CertbotConf(Map<String, String> values) {
        this.values = values;
    }

    static CertbotConf parse(String text) {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                inside = line.equals("[renewalparams]");
            } else if (inside && equals > 0 && !line.startsWith("#")) {
                values.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return new CertbotConf(Map.copyOf(values));
    }

    /** A value without its quotes; null if there is none. */
    @Nullable
    String value(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : unquoted(value);
    }

    /** The values of a list; empty if there is none. */
    List<String> values(String name) {
        return Arrays.stream(values.getOrDefault(name, "").split(","))
                .map(value -> unquoted(value.strip()))
                .filter(value -> !value.isEmpty() && !value.equals("None"))
                .toList();
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2
                && ((value.startsWith("\"") && value.endsWith("\"")) || (value.startsWith("'") && value.endsWith("'")));
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }
}
