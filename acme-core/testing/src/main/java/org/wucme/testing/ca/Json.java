package org.wucme.testing.ca;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Strict JSON: an object, no member twice, nothing after it. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads an object; {@code what} names it in the {@code malformed} problem thrown when it is none. */
    static ObjectNode parse(String text, String what) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw Problem.malformed(what + " is not valid JSON: " + e.getOriginalMessage());
        }
        throw Problem.malformed(what + " is not a JSON object");
    }

    /** The text of a member that must be there. */
    static String text(JsonNode object, String member, String what) {
        JsonNode value = object.path(member);
        if (!value.isTextual()) {
            throw Problem.malformed(what + " needs a string \"" + member + "\"");
        }
        return value.textValue();
    }
}
