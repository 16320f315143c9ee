package org.wucme.cli.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A notice as it waits in a file: every part of it, so that it is delivered as it was. */
final class NoticeJson {

    private NoticeJson() {}

    static ObjectNode of(Notice notice) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", notice.event().name());
        json.put("certificate", notice.certificate());
        notice.names().forEach(json.putArray("names")::add);
        notice.files().forEach(json.putArray("files")::add);
        json.put("title", notice.title());
        json.put("reason", notice.reason());
        notice.lines().forEach(json.putArray("lines")::add);
        json.put("time", notice.time().toString());
        json.put("host", notice.host());
        return json;
    }

    /** @throws IllegalArgumentException if it is none */
    static Notice parse(JsonNode json) {
        try {
            return new Notice(
                    Notice.Event.valueOf(json.path("event").asText()),
                    json.path("certificate").asText(),
                    texts(json.path("names")),
                    texts(json.path("files")),
                    json.path("title").asText(),
                    json.path("reason").asText(),
                    texts(json.path("lines")),
                    Instant.parse(json.path("time").asText()),
                    json.path("host").asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("it has no time", e);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
