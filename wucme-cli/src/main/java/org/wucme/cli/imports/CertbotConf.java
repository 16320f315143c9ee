package org.wucme.cli.imports;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one of certbot's files says: {@code name = value}, lists with commas; paths at its beginning, the rest in the section
 * {@code [renewalparams]}.
 */
final class CertbotConf {

    private static final Pattern FILE = Pattern.compile("(?:.*/)?live/([^/]+)/[^/]+");

    private final Map<String, String> paths;
    private final Map<String, String> values;

    private CertbotConf(Map<String, String> paths, Map<String, String> values) {
        this.paths = paths;
        this.values = values;
    }

    static CertbotConf parse(String text) {
        Map<String, String> paths = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        Map<String, String> section = paths;
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                section = line.equals("[renewalparams]") ? values : new HashMap<>();
            } else if (equals > 0 && !line.startsWith("#")) {
                section.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return new CertbotConf(Map.copyOf(paths), Map.copyOf(values));
    }

    /** The name of the folder in {@code live} that the file says its certificate is in; empty if it says none. */
    Optional<String> lineage() {
        return Stream.of("fullchain", "cert", "privkey")
                .map(name -> FILE.matcher(unquoted(paths.getOrDefault(name, ""))))
                .filter(Matcher::matches)
                .map(path -> path.group(1))
                .findFirst();
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
