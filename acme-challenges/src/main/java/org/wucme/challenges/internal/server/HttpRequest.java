package org.wucme.challenges.internal.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request (RFC 9112 section 3); its content does not matter to our servers. Immutable.
 *
 * @param method as it was sent: methods are case-sensitive
 * @param target what is asked for
 * @param fields the header fields by their names, in any case
 */
public record HttpRequest(String method, URI target, Map<String, List<String>> fields) {

    private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) HTTP/1\\.[0-9]");
    private static final Pattern FIELD = Pattern.compile("([!#-'*+.^_`|~\\w-]+):(.*)");
    private static final int MAX_FIELDS = 200;

    /**
     * Reads the head of a request.
     *
     * @throws IllegalArgumentException if it is none
     */
    static HttpRequest parse(String head) {
        List<String> lines = head.strip().lines().toList();
        Matcher first = LINE.matcher(lines.get(0));
        if (!first.matches() || lines.size() > MAX_FIELDS) {
            throw new IllegalArgumentException("no request line, or too many header fields");
        }
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                throw new IllegalArgumentException("no header field");
            }
            fields.computeIfAbsent(field.group(1), name -> new ArrayList<>())
                    .add(field.group(2).strip());
        }
        return new HttpRequest(first.group(1), target(first.group(2)), fields);
    }

    private static URI target(String text) {
        try {
            // A path that begins with two slashes is none of another host (RFC 3986 section 4.2).
            return new URI(text.startsWith("//") ? "/." + text : text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no request target", e);
        }
    }

    /** The path as it was sent; empty if the target has none. */
    public String path() {
        return Objects.requireNonNullElse(target.getRawPath(), "");
    }

    /** The first field of a name; null if there is none. */
    public @Nullable String field(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.get(0);
    }

    /** The host that is asked for (RFC 9112 section 3.2.2); null if it is not said exactly once. */
    public @Nullable String authority() {
        if (target.isAbsolute()) {
            return target.getRawAuthority();
        }
        List<String> hosts = fields.getOrDefault("Host", List.of());
        return hosts.size() == 1 ? hosts.get(0) : null;
    }
}
