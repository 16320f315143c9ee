package org.wucme.testing.ca;

import okhttp3.Headers;

/** An HTTP request as it came in; {@code url} is what the client was given to call, compared as a string. */
record Incoming(String method, String url, Headers headers, String body) {
    String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }
}
