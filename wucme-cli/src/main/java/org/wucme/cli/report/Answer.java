package org.wucme.cli.report;

import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status HTTP status code
 * @param contentType value of the Content-Type header
 * @param body the body
 * @param headers further headers
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

    static Answer of(int status, String contentType, String body) {
        return new Answer(status, contentType, body, Map.of());
    }

    static Answer html(int status, Html page) {
        return of(status, "text/html; charset=utf-8", page.markup());
    }

    /** One line of text, which is never made from a request. */
    static Answer text(int status, String line) {
        return of(status, "text/plain; charset=utf-8", line + "\n");
    }

    Answer with(String header, String value) {
        return new Answer(status, contentType, body, Map.of(header, value));
    }
}
