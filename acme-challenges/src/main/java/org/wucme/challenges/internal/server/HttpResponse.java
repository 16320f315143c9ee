package org.wucme.challenges.internal.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a request is answered with; the connection ends with it (RFC 9112 section 9.6). Immutable.
 *
 * @param status HTTP status code
 * @param fields header fields; those about the connection and the length are added
 * @param body the content, sent in UTF-8
 */
public record HttpResponse(int status, Map<String, String> fields, String body) {

    // RFC 9110 section 5.6.7
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            405, "Method Not Allowed",
            421, "Misdirected Request",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable");

    /** Keeps the order of the fields. */
    public HttpResponse {
        fields = new LinkedHashMap<>(fields);
    }

    /** One line of text, which is never made from a request. */
    static HttpResponse text(int status, String line) {
        return new HttpResponse(status, Map.of("Content-Type", "text/plain"), line);
    }

    /** What is sent, to HEAD without the content. */
    ByteBuffer bytes(boolean isHead) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + REASONS.getOrDefault(status, "") + "\r\n");
        fields.forEach((name, value) -> field(head, name, value));
        field(head, "Date", DATE.format(Instant.now()));
        field(head, "Connection", "close");
        field(head, "Content-Length", Integer.toString(content.length));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(start.length + (isHead ? 0 : content.length));
        return all.put(start).put(content, 0, all.remaining()).flip();
    }

    private static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
