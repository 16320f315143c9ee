package org.wucme.challenges.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The one spelling of a request's path (RFC 3986 section 6.2.2): servers in front, and their settings, make others of it. */
final class RequestPath {

    private static final Pattern AUTHORITY = Pattern.compile("(?i)^https?://[^/?#]*");
    private static final Pattern QUERY = Pattern.compile("[?#].*$", Pattern.DOTALL);
    private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");
    private static final Pattern FOLDER = Pattern.compile("/\\.{0,2}$");
    private static final Pattern ESCAPE = Pattern.compile("%([0-7][0-9A-Fa-f])");

    private RequestPath() {}

    /**
     * A path without empty segments, dots, and escapes of characters that need none, of a request target in any form; it ends
     * with a slash if that does.
     */
    static String of(String target) {
        String path = QUERY.matcher(AUTHORITY.matcher(target).replaceFirst("")).replaceFirst("");
        String decoded = ESCAPE.matcher(path).replaceAll(RequestPath::decode);
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : decoded.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        boolean isFolder = !segments.isEmpty() && FOLDER.matcher(decoded).find();
        return "/" + String.join("/", segments) + (isFolder ? "/" : "");
    }

    private static String decode(MatchResult escape) {
        String character = String.valueOf((char) Integer.parseInt(escape.group(1), 16));
        return UNRESERVED.matcher(character).matches() ? character : escape.group();
    }
}
