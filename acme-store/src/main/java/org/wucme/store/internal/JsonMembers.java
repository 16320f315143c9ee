package org.wucme.store.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, read strictly: what is there must be of the right kind. What is not asked for stays as it
 * is, so that a file written by a later version keeps what this one does not know.
 *
 * <p>Whatever is wrong is an IllegalArgumentException that names the member.
 */
public record JsonMembers(ObjectNode node) {

    /** What our files say of themselves: a later version that changes the meaning of a member counts up. */
    private static final int VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    // As some editors leave it in a file that was changed by hand.
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    public static JsonMembers empty() {
        return new JsonMembers(MAPPER.createObjectNode());
    }

    public static JsonMembers parse(String text) {
        try {
            if (MAPPER.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                    instanceof ObjectNode node) {
                return new JsonMembers(node);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("it is not a JSON object");
    }

    /**
     * Refuses what only a later version understands.
     *
     * @throws IllegalArgumentException if it is of such a version
     */
    public void requireVersion() {
        int version = number("version", VERSION);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "it is of version " + version + ", which only a later wucme understands");
        }
    }

    /** Says which version it is of. */
    public JsonMembers setVersion() {
        return set("version", VERSION);
    }

    public JsonMembers copy() {
        return new JsonMembers(node.deepCopy());
    }

    /** As text, with a line feed at its end, that any encoding of Unicode can write. */
    public String toText() {
        String text = node.toPrettyString().replace("\r\n", "\n") + "\n";
        return LONE_SURROGATE
                .matcher(text)
                .replaceAll(half ->
                        "\\\\u" + HexFormat.of().toHexDigits(half.group().charAt(0)));
    }

    public @Nullable String text(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isTextual()) {
            throw wrong(name, "a text");
        }
        return value == null ? null : value.textValue();
    }

    public String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException("member \"" + name + "\" is missing");
        }
        return text;
    }

    public int number(String name, int ifAbsent) {
        JsonNode value = value(name);
        if (value != null && !value.isInt()) {
            throw wrong(name, "a whole number");
        }
        return value == null ? ifAbsent : value.intValue();
    }

    /** False if it is absent. */
    public boolean flag(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value != null && value.booleanValue();
    }

    public @Nullable Instant instant(String name) {
        String text = text(name);
        return text == null ? null : parseInstant(name, text);
    }

    public List<Instant> instants(String name) {
        return texts(name).stream().map(text -> parseInstant(name, text)).toList();
    }

    private static Instant parseInstant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("member \"" + name + "\" is not a time such as 2026-11-22T00:20:27Z", e);
        }
    }

    public Instant requiredInstant(String name) {
        Instant instant = instant(name);
        if (instant == null) {
            throw new IllegalArgumentException("member \"" + name + "\" is missing");
        }
        return instant;
    }

    public @Nullable JsonMembers object(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isObject()) {
            throw wrong(name, "an object");
        }
        return value == null ? null : new JsonMembers((ObjectNode) value);
    }

    public List<String> texts(String name) {
        return list(name, element -> {
            if (!element.isTextual()) {
                throw wrong(name, "a list of texts");
            }
            return element.textValue();
        });
    }

    public List<JsonMembers> objects(String name) {
        return list(name, element -> {
            if (!(element instanceof ObjectNode object)) {
                throw wrong(name, "a list of objects");
            }
            return new JsonMembers(object);
        });
    }

    private <T> List<T> list(String name, Function<JsonNode, T> reader) {
        JsonNode value = value(name);
        if (value != null && !value.isArray()) {
            throw wrong(name, "a list");
        }
        List<T> list = new ArrayList<>();
        if (value != null) {
            value.forEach(element -> list.add(reader.apply(element)));
        }
        return list;
    }

    /** Sets a member; without a value it is removed. */
    public JsonMembers set(String name, @Nullable Object value) {
        if (value == null) {
            node.remove(name);
        } else {
            node.set(name, tree(value));
        }
        return this;
    }

    private static JsonNode tree(Object value) {
        if (value instanceof JsonMembers members) {
            return members.node;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = MAPPER.createArrayNode();
            list.forEach(element -> array.add(tree(element)));
            return array;
        }
        return MAPPER.valueToTree(value);
    }

    private @Nullable JsonNode value(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("member \"" + name + "\" is not " + expected);
    }
}
