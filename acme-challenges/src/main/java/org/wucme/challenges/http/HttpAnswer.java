package org.wucme.challenges.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a server shall answer to a request, whatever framework it is made with.
 *
 * @param status HTTP status code
 * @param contentType value of the Content-Type header
 * @param body the body, ASCII
 */
public record HttpAnswer(int status, String contentType, String body) {

    /**
     * The header fields by their names: the type of the content, and that no cache may keep it, since it is another one as soon as
     * the next challenge is presented.
     */
    public Map<String, String> headers() {
        return Map.of("Content-Type", contentType, "Cache-Control", "no-store");
    }

    /** The body as it goes over the wire. */
    public byte[] bytes() {
        return body.getBytes(StandardCharsets.US_ASCII);
    }

    /** Without the body, which may be a key authorization. */
    @Override
    public String toString() {
        return "HttpAnswer[status=" + status + ", contentType=" + contentType + ", body hidden]";
    }
}
