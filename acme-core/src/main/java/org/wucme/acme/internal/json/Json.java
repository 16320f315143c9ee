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
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.internal.text.OneLine;

/**
 * A JSON object that a CA sent. Unknown members are ignored. An optional member that is null or blank is the same as one
 * that is absent, and so is one that cannot be read; the latter is logged once. Immutable.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    // RFC 3339, and what CAs write instead: a space for the T, no seconds, an offset without a colon, or none, for UTC.
    private static final DateTimeFormatter MOMENT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][ ]")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[ ][XXX][XX][X]")
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    // Far above what any order needs: a list that is longer is an attack, or a mistake.
    private static final int LONGEST_LIST = 10_000;

    private final JsonNode node;
    private final String kind;
    private final String where;
    private final Oddities oddities;

    private Json(JsonNode node, String kind, String where, Oddities oddities) {
        this.node = node;
        this.kind = kind;
        this.where = where;
        this.oddities = oddities;
    }

    /**
     * Reads an object.
     *
     * @param where what the document is, for error messages, such as {@code the order at https://…}
     * @throws AcmeProtocolException if it is not a JSON object
     */
    public static Json parse(byte[] document, String where) throws AcmeProtocolException {
        return parse(document, where, where, new Oddities());
    }

    /**
     * Reads an object.
     *
     * @param kind what the document is, such as {@code the order}
     * @param where which one it is, for error messages, such as {@code the order at https://…}
     * @param oddities where members that cannot be read are logged, once for each kind
     * @throws AcmeProtocolException if it is not a JSON object
     */
    public static Json parse(byte[] document, String kind, String where, Oddities oddities)
            throws AcmeProtocolException {
        return object(read(document, where), kind, where, oddities);
    }

    /**
     * Reads a list of texts that is a member of an object; some CAs send the list alone.
     *
     * @param where what the document is, as for {@link #parse}
     */
    public static List<String> parseStrings(byte[] document, String member, String where) throws AcmeProtocolException {
        JsonNode node = read(document, where);
        return object(node.isArray() ? MAPPER.createObjectNode().set(member, node) : node, where, where, new Oddities())
                .strings(member, Integer.MAX_VALUE);
    }

    private static JsonNode read(byte[] document, String where) throws AcmeProtocolException {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new AcmeProtocolException(where + " is not JSON: " + firstLine(e), e);
        }
    }

    private static Json object(JsonNode node, String kind, String where, Oddities oddities)
            throws AcmeProtocolException {
        if (!node.isObject()) {
            throw new AcmeProtocolException(where + " is not a JSON object");
        }
        return new Json(node, kind, where, oddities);
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

    /**
     * A text that must be there.
     *
     * @throws AcmeProtocolException if it is absent or blank, or something else; the message says where
     */
    public String string(String member) throws AcmeProtocolException {
        String value = optionalString(member);
        if (value == null) {
            boolean isAbsent = isAbsent(node.get(member));
            throw new AcmeProtocolException(
                    isAbsent ? where + " lacks \"" + member + "\"" : where + ": \"" + member + "\" is not a text");
        }
        return value;
    }

    /** A text; null if there is none. */
    public @Nullable String optionalString(String member) {
        JsonNode value = member(member, JsonNode::isTextual, "a text");
        return value == null ? null : value.textValue();
    }

    /** A moment (RFC 3339); null if there is none. Without an offset, it is in UTC. */
    public @Nullable Instant optionalInstant(String member) {
        String text = optionalString(member);
        try {
            return text == null
                    ? null
                    : MOMENT.parse(text.strip(), OffsetDateTime::from).toInstant();
        } catch (DateTimeException e) {
            oddities.add(kind, where, member, "a date and time");
            return null;
        }
    }

    /** Whether a truth value is there and true. */
    public boolean isTrue(String member) {
        JsonNode value = member(member, JsonNode::isBoolean, "true or false");
        return value != null && value.booleanValue();
    }

    /** A number that fits an int; 0 if there is none. */
    public int intOrZero(String member) {
        JsonNode value = member(member, JsonNode::canConvertToInt, "a number");
        return value == null ? 0 : value.intValue();
    }

    /** An object; null if there is none. */
    public @Nullable Json optionalObject(String member) {
        JsonNode value = member(member, JsonNode::isObject, "an object");
        return value == null ? null : inner(value, member, "");
    }

    /** An object; one without members if there is none. */
    public Json objectOrEmpty(String member) {
        Json object = optionalObject(member);
        return object == null ? inner(MAPPER.createObjectNode(), member, "") : object;
    }

    /**
     * An object; null if there is none. A text in its place is read as an object that has only that text.
     *
     * @param textMember which member the text is
     */
    public @Nullable Json optionalObject(String member, String textMember) {
        JsonNode value = member(member, given -> given.isObject() || given.isTextual(), "an object");
        if (value == null) {
            return null;
        }
        return inner(value.isObject() ? value : MAPPER.createObjectNode().set(textMember, value), member, "");
    }

    /** The objects of a list; empty if there are none. Of a list with more than 10,000 elements, the first. */
    public List<Json> objects(String member) {
        return objects(member, LONGEST_LIST);
    }

    /** The first objects of a list; empty if there are none. What is left out is logged once. */
    public List<Json> objects(String member, int most) {
        List<Json> objects = new ArrayList<>();
        for (JsonNode element : elements(member, most, JsonNode::isObject, "a list of objects")) {
            objects.add(inner(element, member, " " + (objects.size() + 1)));
        }
        return objects;
    }

    /** The texts of a list; empty if there are none. Of a list with more than 10,000 elements, the first. */
    public List<String> strings(String member) {
        return strings(member, LONGEST_LIST);
    }

    /** The first texts of a list; empty if there are none. What is left out is logged once. */
    public List<String> strings(String member, int most) {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : elements(member, most, JsonNode::isTextual, "a list of texts")) {
            strings.add(element.textValue());
        }
        return strings;
    }

    /** The members of an object that are texts; empty if there are none. */
    public Map<String, String> stringMap(String member) {
        Json object = optionalObject(member);
        Map<String, String> map = new LinkedHashMap<>();
        if (object != null) {
            object.node.properties().stream()
                    .filter(entry -> entry.getValue().isTextual())
                    .limit(LONGEST_LIST)
                    .forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
        }
        return map;
    }

    /** The object as text. */
    public String text() {
        return node.toString();
    }

    private Json inner(JsonNode value, String member, String position) {
        String path = ", \"" + member + "\"";
        return new Json(value, kind + path, where + path + position, oddities);
    }

    private List<JsonNode> elements(String member, int most, Predicate<JsonNode> isRight, String wanted) {
        JsonNode list = member(member, JsonNode::isArray, "a list");
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode element : list == null ? List.<JsonNode>of() : list) {
            if (isAbsent(element)) {
                continue;
            }
            if (elements.size() == most) {
                oddities.addCut(kind, where, member, most);
                break;
            }
            if (isRight.test(element)) {
                elements.add(element);
            } else {
                oddities.add(kind, where, member, wanted);
            }
        }
        return elements;
    }

    private @Nullable JsonNode member(String name, Predicate<JsonNode> isRight, String wanted) {
        JsonNode value = node.get(name);
        if (value == null || isAbsent(value)) {
            return null;
        }
        if (isRight.test(value)) {
            return value;
        }
        oddities.add(kind, where, name, wanted);
        return null;
    }

    // Some CAs write null or "" where they have nothing to say, whatever the member's type.
    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null
                || value.isNull()
                || (value.isTextual() && value.textValue().isBlank());
    }

    private static String firstLine(IOException e) {
        return OneLine.of(
                e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e.getMessage()));
    }
}
