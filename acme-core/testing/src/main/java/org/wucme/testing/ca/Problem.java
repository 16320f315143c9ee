package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import okhttp3.Headers;

/** A request refused with a problem document (RFC 8555 section 6.7). */
final class Problem extends RuntimeException {
    static final String URN = "urn:ietf:params:acme:error:";

    private final int status;
    private final String type;
    private final transient ObjectNode document;
    private final transient Headers.Builder headers = new Headers.Builder();

    Problem(int status, String type, String detail) {
        super(detail);
        this.status = status;
        this.type = type;
        this.document = document(type, detail).put("status", status);
    }

    static Problem malformed(String detail) {
        return new Problem(400, "malformed", detail);
    }

    static Problem unauthorized(String detail) {
        return new Problem(403, "unauthorized", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "malformed", detail);
    }

    static ObjectNode document(String type, String detail) {
        return Json.object().put("type", URN + type).put("detail", detail);
    }

    Problem and(Consumer<ObjectNode> members) {
        members.accept(document);
        return this;
    }

    Problem header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    String type() {
        return type;
    }

    ObjectNode document() {
        return document;
    }

    Reply reply() {
        return new Reply(status, headers.build(), document.toString(), type)
                .with("Content-Type", "application/problem+json");
    }
}
