package org.wucme.acme.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeProtocolException;

/**
 * A JSON object that a CA sent. Unknown members are passed over; a member of the wrong type is an error that names the
 * document and the member. Immutable.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;
    private final String where;
    private final boolean tolerant;

    private Json(JsonNode node, String where, boolean tolerant) {
        this.node = node;
        this.where = where;
        this.tolerant = tolerant;
    }

    /**
     * Reads an object.
     *
     * @param where what the document is, for error messages, such as {@code the order at https://…}
     * @throws AcmeProtocolException if it is not a JSON object
     */
    public static Json parse(byte[] document, String where) throws AcmeProtocolException {
        return object(read(document, where), where);
    }

    /**
     * Reads a list of texts that is a member of an object; some CAs send the list alone.
     *
     * @param where what the document is, as for {@link #parse}
     */
    public static List<String> parseStrings(byte[] document, String member, String where) throws AcmeProtocolException {
        JsonNode node = read(document, where);
        return object(node.isArray() ? MAPPER.createObjectNode().set(member, node) : node, where)
                .strings(member);
    }

    private static JsonNode read(byte[] document, String where) throws AcmeProtocolException {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new AcmeProtocolException(where + " is not JSON: " + firstLine(e), e);
        }
    }

    private static Json object(JsonNode node, String where) throws AcmeProtocolException {
        if (!node.isObject()) {
            throw new AcmeProtocolException(where + " is not a JSON object");
        }
        return new Json(node, where, false);
    }

    /**
     * This object, and all in it, with members of the wrong type taken as missing: so are problem documents to be read
     * (RFC 9457 section 3.1).
     */
    public Json tolerant() {
        return new Json(node, where, true);
    }

    /** Writes an object; members that are null are left out. */
    public static byte[] encode(Map<String, ? extends @Nullable Object> members) {
        Map<String, @Nullable Object> present = new LinkedHashMap<>(members);
        present.values().removeIf(value -> value == null);
        try {
            return MAPPER.writeValueAsBytes(present);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    /** A text that must be there. */
    public String string(String member) throws AcmeProtocolException {
        String value = optionalString(member);
        if (value == null) {
            throw new AcmeProtocolException(where + " lacks \"" + member + "\"");
        }
        return value;
    }

    /** A text that may be missing. */
    public @Nullable String optionalString(String member) throws AcmeProtocolException {
        JsonNode value = member(member, JsonNode::isTextual, "a text");
        return value == null ? null : value.textValue();
    }

    /** A moment (RFC 3339) that may be missing. */
    public @Nullable Instant optionalInstant(String member) throws AcmeProtocolException {
        String text = optionalString(member);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            if (tolerant) {
                return null;
            }
            throw new AcmeProtocolException(where + ": \"" + member + "\" is not a date and time", e);
        }
    }

    /** A truth value; false if missing. */
    public boolean isTrue(String member) throws AcmeProtocolException {
        JsonNode value = member(member, JsonNode::isBoolean, "true or false");
        return value != null && value.booleanValue();
    }

    /** A number that fits an int; 0 if missing. */
    public int intOrZero(String member) throws AcmeProtocolException {
        JsonNode value = member(member, JsonNode::canConvertToInt, "a number");
        return value == null ? 0 : value.intValue();
    }

    /** An object that may be missing. */
    public @Nullable Json optionalObject(String member) throws AcmeProtocolException {
        JsonNode value = member(member, JsonNode::isObject, "an object");
        return value == null ? null : new Json(value, where + ", \"" + member + "\"", tolerant);
    }

    /** A list of objects; empty if missing. */
    public List<Json> objects(String member) throws AcmeProtocolException {
        List<Json> objects = new ArrayList<>();
        for (JsonNode element : elements(member, JsonNode::isObject, "a list of objects")) {
            objects.add(new Json(element, where + ", \"" + member + "\" " + (objects.size() + 1), tolerant));
        }
        return objects;
    }

    /** A list of texts; empty if missing. */
    public List<String> strings(String member) throws AcmeProtocolException {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : elements(member, JsonNode::isTextual, "a list of texts")) {
            strings.add(element.textValue());
        }
        return strings;
    }

    /** An object whose members are texts; empty if missing. Members that are something else are passed over. */
    public Map<String, String> stringMap(String member) throws AcmeProtocolException {
        Json object = optionalObject(member);
        Map<String, String> map = new LinkedHashMap<>();
        if (object != null) {
            object.node.properties().stream()
                    .filter(entry -> entry.getValue().isTextual())
                    .forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
        }
        return map;
    }

    /** The object as text. */
    public String text() {
        return node.toString();
    }

    private List<JsonNode> elements(String member, Predicate<JsonNode> isRight, String wanted)
            throws AcmeProtocolException {
        JsonNode list = member(member, JsonNode::isArray, "a list");
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode element : list == null ? List.<JsonNode>of() : list) {
            if (isRight.test(element)) {
                elements.add(element);
            } else if (!tolerant) {
                throw wrongType(member, wanted);
            }
        }
        return elements;
    }

    private @Nullable JsonNode member(String name, Predicate<JsonNode> isRight, String wanted)
            throws AcmeProtocolException {
        JsonNode value = node.get(name);
        // JSON's null means the same as a missing member: some CAs write it so.
        if (value == null || value.isNull()) {
            return null;
        }
        if (isRight.test(value)) {
            return value;
        }
        if (tolerant) {
            return null;
        }
        throw wrongType(name, wanted);
    }

    private AcmeProtocolException wrongType(String member, String wanted) {
        return new AcmeProtocolException(where + ": \"" + member + "\" is not " + wanted);
    }

    private static String firstLine(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e.getMessage());
    }
}
