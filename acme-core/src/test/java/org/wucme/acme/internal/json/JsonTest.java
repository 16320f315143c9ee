package org.wucme.acme.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;

class JsonTest {

    private static final String WHERE = "the order at https://ca.example/order/1";

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "\"x\"", "1", "null", "true"})
    void whatIsNoObjectIsRefused(String document) {
        assertRefused(() -> json(document), "is not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\":}",
                "<html>",
                "{\"a\":1",
                "{a:1}",
                "{\"a\":1}}",
                "{} trailing",
                "{}{}",
                "{\"a\":'x'}"
            })
    void whatIsNoJsonIsRefused(String document) {
        assertRefused(() -> json(document), "is not JSON");
    }

    @Test
    void absurdNestingIsRefusedBeforeItFillsTheStack() throws AcmeProtocolException {
        assertThat(json("{\"a\":".repeat(60) + "1" + "}".repeat(60)).text()).startsWith("{\"a\":{");
        assertRefused(() -> json("{\"a\":".repeat(100_000)), "is not JSON");
        assertRefused(() -> json("{\"a\":" + "[".repeat(100_000)), "is not JSON");
    }

    @Test
    void aByteOrderMarkAndWhitespaceDoNotMatter() throws AcmeProtocolException {
        assertThat(json("\uFEFF{\"a\":\"x\"}").string("a")).isEqualTo("x");
        assertThat(json("\r\n {\"a\":\"x\"} \n").string("a")).isEqualTo("x");
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] document) {
        try {
            assertThat(Json.parse(document, WHERE).text()).startsWith("{");
        } catch (AcmeProtocolException e) {
            assertThat(e).hasMessageStartingWith(WHERE + " is not");
        }
    }

    @Test
    void aMissingMemberIsNamed() {
        assertRefused(() -> json("{}").string("status"), " lacks \"status\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "\"\\t\""})
    void nullAndBlankMeanMissing(String value) throws AcmeProtocolException {
        Json json = json("{\"a\":" + value + "}");
        assertThat(json.optionalString("a")).isNull();
        assertThat(json.optionalInstant("a")).isNull();
        assertThat(json.optionalObject("a")).isNull();
        assertThat(json.isTrue("a")).isFalse();
        assertThat(json.intOrZero("a")).isZero();
        assertThat(json.objects("a")).isEmpty();
        assertThat(json.strings("a")).isEmpty();
        assertThat(json.stringMap("a")).isEmpty();
        assertRefused(() -> json.string("a"), " lacks \"a\"");
    }

    @Test
    void membersOfTheRightTypeAreRead() throws AcmeProtocolException {
        Json json =
                json("{\"s\":\"x\",\"t\":true,\"i\":7,\"o\":{\"s\":\"y\"},\"os\":[{\"s\":\"z\"}],\"ss\":[\"p\",\"q\"],"
                        + "\"m\":{\"k\":\"v\",\"n\":1},\"unknown\":[[]]}");
        assertThat(json.string("s")).isEqualTo("x");
        assertThat(json.isTrue("t")).isTrue();
        assertThat(json.intOrZero("i")).isEqualTo(7);
        Json object = json.optionalObject("o");
        assertThat(object == null ? null : object.string("s")).isEqualTo("y");
        assertThat(json.objects("os").get(0).string("s")).isEqualTo("z");
        assertThat(json.strings("ss")).containsExactly("p", "q");
        assertThat(json.stringMap("m")).containsExactly(entry("k", "v"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T12:00:00Z",
                "2026-11-22t12:00:00z",
                "2026-11-22T12:00:00.000Z",
                "2026-11-22T13:00:00+01:00",
                "2026-11-22T12:00:00.000000000-00:00",
                "2026-11-22T12:00:00",
                "2026-11-22 12:00:00",
                "2026-11-22 12:00:00Z",
                "2026-11-22T12:00Z",
                "2026-11-22T13:00:00+0100",
                "2026-11-22T13:00:00+01",
                "2026-11-22 13:00:00 +0100",
                " 2026-11-22T12:00:00Z "
            })
    void aMomentIsReadAsRfc3339SaysAndAsCasWriteIt(String text) throws AcmeProtocolException {
        assertThat(json("{\"at\":\"" + text + "\"}").optionalInstant("at"))
                .isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"soon", "2026-11-22", "22.11.2026", "2026-02-30T12:00:00Z", "1795608000", "2026-11-22T25:00:00Z"
            })
    void whatIsNoMomentIsMissing(String text) throws AcmeProtocolException {
        assertThat(json("{\"at\":\"" + text + "\"}").optionalInstant("at")).isNull();
    }

    @Test
    void aMemberOfTheWrongTypeIsMissedOnlyWhereItIsNeeded() throws AcmeProtocolException {
        Json json = json("{\"n\":1,\"s\":\"x\",\"a\":[1],\"big\":99999999999}");
        assertRefused(() -> json.string("n"), ": \"n\" is not a text");
        assertThat(json.optionalString("n")).isNull();
        assertThat(json.optionalInstant("n")).isNull();
        assertThat(json.optionalInstant("s")).isNull();
        assertThat(json.isTrue("s")).isFalse();
        assertThat(json.intOrZero("s")).isZero();
        assertThat(json.intOrZero("big")).isZero();
        assertThat(json.optionalObject("a")).isNull();
        assertThat(json.objects("s")).isEmpty();
        assertThat(json.objects("a")).isEmpty();
        assertThat(json.strings("a")).isEmpty();
        assertThat(json.stringMap("a")).isEmpty();
    }

    @Test
    void anErrorInsideAListNamesTheElement() throws AcmeProtocolException {
        List<Json> objects = json("{\"challenges\":[{\"type\":\"x\"},{}]}").objects("challenges");
        assertRefused(() -> objects.get(1).string("type"), ", \"challenges\" 2 lacks \"type\"");
    }

    @Test
    void membersThatAreNullAreNotWritten() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("b", Arrays.asList("x", "ü\n"));
        members.put("a", null);
        members.put("c", Map.of("d", true));
        assertThat(new String(Json.encode(members), StandardCharsets.UTF_8))
                .isEqualTo("{\"b\":[\"x\",\"ü\\n\"],\"c\":{\"d\":true}}");
    }

    private static void assertRefused(ThrowingCallable reading, String why) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(reading)
                .withMessageStartingWith(WHERE)
                .withMessageContaining(why);
    }

    private static Json json(String document) throws AcmeProtocolException {
        return Json.parse(document.getBytes(StandardCharsets.UTF_8), WHERE);
    }
}
