package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** An HTTP response, before a {@link Fault} spoils it. */
record Reply(
        int status, Headers headers, String body, @Nullable String problemType) {
    private static final Headers NONE = new Headers.Builder().build();

    static Reply empty(int status) {
        return new Reply(status, NONE, "", null);
    }

    static Reply json(int status, ObjectNode body) {
        return of(status, "application/json", body.toString());
    }

    static Reply of(int status, String contentType, String body) {
        return new Reply(status, NONE, body, null).with("Content-Type", contentType);
    }

    /** Adds a header field and keeps those of the same name. */
    Reply with(String name, String value) {
        return new Reply(status, headers.newBuilder().add(name, value).build(), body, problemType);
    }

    Reply with(Headers more) {
        return new Reply(status, headers.newBuilder().addAll(more).build(), body, problemType);
    }

    /** Puts a header field in the place of those of the same name. */
    Reply replacing(String name, String value) {
        return new Reply(status, headers.newBuilder().set(name, value).build(), body, problemType);
    }

    Reply without(String name) {
        return new Reply(status, headers.newBuilder().removeAll(name).build(), body, problemType);
    }

    Reply withBody(String newBody) {
        return new Reply(status, headers, newBody, problemType);
    }

    Reply withStatus(int newStatus) {
        return new Reply(newStatus, headers, body, problemType);
    }
}
