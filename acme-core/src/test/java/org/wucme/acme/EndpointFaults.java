package org.wucme.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What can go wrong with a request, whatever it is about: the rows of the first table of FAULTS.md by their names. */
final class EndpointFaults {

    private static final int ALWAYS = 10_000;
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<String> OPTIONAL_MEMBERS = List.of(
            "meta",
            "keyChange",
            "renewalInfo",
            "contact",
            "orders",
            "termsOfServiceAgreed",
            "expires",
            "validated",
            "error",
            "wildcard");

    private final Map<String, Breakage> byName = new LinkedHashMap<>();

    /** Makes requests to one endpoint go wrong. */
    interface Breakage {
        void apply(FaultScene scene, Endpoint endpoint);
    }

    EndpointFaults() {
        connections();
        stalls();
        statuses();
        rateLimits();
        redirects();
        documents();
        urls();
        nonces();
        byName.put(
                "the caller's thread is interrupted",
                (scene, endpoint) ->
                        scene.ca.fault(endpoint, Fault.stallHeaders().meanwhile(scene::interruptClient)));
    }

    Map<String, Breakage> byName() {
        return byName;
    }

    private void once(String name, Supplier<Fault> fault) {
        byName.put(name, (scene, endpoint) -> scene.ca.fault(endpoint, fault.get()));
    }

    private void onceAndAlways(String name, Supplier<Fault> fault) {
        once(name, fault);
        always(name, fault);
    }

    private void always(String name, Supplier<Fault> fault) {
        byName.put(name + ", always", (scene, endpoint) -> scene.ca.fault(endpoint, fault.get(), ALWAYS));
    }

    private void connections() {
        byName.put("connection refused", (scene, endpoint) -> scene.refuse(endpoint, 1));
        byName.put("connection refused, always", (scene, endpoint) -> scene.refuse(endpoint, ALWAYS));
        onceAndAlways("reset before it takes effect", Fault::resetBefore);
        onceAndAlways("reset after it took effect", Fault::resetAfter);
        onceAndAlways("truncated body", Fault::truncateBody);
        once("body of 200 MB", () -> Fault.hugeBody(200L << 20));
    }

    private void stalls() {
        stall("stalled headers", Fault::stallHeaders);
        stall("stalled body", Fault::stallBody);
        stall("slow drip", () -> Fault.slowDrip(Duration.ofMillis(100)));
        byName.put("stalled headers, always", (scene, endpoint) -> {
            scene.requestTimeout(endpoint, ALWAYS, Duration.ofMillis(250));
            scene.ca.fault(endpoint, Fault.stallHeaders(), ALWAYS);
        });
    }

    private void stall(String name, Supplier<Fault> fault) {
        byName.put(name, (scene, endpoint) -> {
            scene.requestTimeout(endpoint, 1, Duration.ofMillis(1_500));
            scene.ca.fault(endpoint, fault.get());
        });
    }

    private void statuses() {
        for (int status : List.of(500, 502, 503, 504)) {
            once(status + " with a problem document", () -> Fault.problem(status, "serverInternal", "busy"));
            once(status + " with HTML", () -> Fault.status(status, "text/html", "<html>Bad</html>"));
            once(status + " with nothing", () -> Fault.status(status, "text/plain", ""));
        }
        always("500 with a problem document", () -> Fault.problem(500, "serverInternal", "busy"));
        always("503 with nothing", () -> Fault.status(503, "text/plain", ""));
        once("501 notImplemented", () -> Fault.problem(501, "notImplemented", "no such thing"));
        once("403 with HTML", () -> Fault.status(403, "text/html", "<html>Forbidden</html>"));
    }

    private void rateLimits() {
        limited(429, "seconds", scene -> "20");
        limited(429, "date", scene -> httpDate(scene.time.instant().plusSeconds(20)));
        limited(429, "a day", scene -> "86400");
        limited(429, "absurd", scene -> "99999999999999999999");
        once("429 with Retry-After: absent", () -> Fault.problem(429, "rateLimited", "slow"));
        always("429 with Retry-After: seconds", () -> Fault.problem(429, "rateLimited", "slow", "Retry-After", "20"));
        limited(503, "seconds", scene -> "20");
        limited(503, "absurd", scene -> "99999999999999999999");
    }

    private interface HeaderValue {
        String at(FaultScene scene);
    }

    private void limited(int status, String kind, HeaderValue value) {
        byName.put(
                status + " with Retry-After: " + kind,
                (scene, endpoint) -> scene.ca.fault(
                        endpoint,
                        Fault.problem(
                                status,
                                status == 429 ? "rateLimited" : "serverInternal",
                                "slow",
                                "Retry-After",
                                value.at(scene))));
    }

    private void redirects() {
        for (int status : List.of(301, 307)) {
            byName.put(
                    status + " to elsewhere",
                    (scene, endpoint) -> scene.ca.fault(
                            endpoint, Fault.redirect(status, "https://localhost:" + scene.deadPort() + "/")));
        }
    }

    private void documents() {
        once("wrong content type", () -> Fault.header("Content-Type", "text/html; charset=utf-8"));
        once("missing content type", () -> Fault.withoutHeader("Content-Type"));
        once("HTML with status 200", () -> Fault.body("text/html", "<html>captive portal</html>"));
        once("invalid JSON", () -> Fault.body("application/json", "{\"status\":"));
        once("problem document with status 200", () -> Fault.body(PROBLEM_JSON, "{\"type\":\"about:blank\"}"));
        once("deep nesting", () -> Fault.body("application/json", "{\"a\":".repeat(100_000)));
        once("wrong types", () -> Fault.json(EndpointFaults::replaceValues));
        once("missing optional members", () -> Fault.json(json -> json.remove(OPTIONAL_MEMBERS)));
        once("optional members are null", () -> Fault.json(json -> OPTIONAL_MEMBERS.forEach(json::putNull)));
        once("missing members of every kind", () -> Fault.json(ObjectNode::removeAll));
        once("unknown members everywhere", () -> Fault.json(EndpointFaults::addMembers));
    }

    private static void replaceValues(ObjectNode json) {
        json.fieldNames().forEachRemaining(name -> json.put(name, 7));
    }

    private static void addMembers(JsonNode json) {
        json.forEach(EndpointFaults::addMembers);
        if (json instanceof ObjectNode object) {
            object.putObject("unheard-of").putArray("x").add(1).addNull();
        }
    }

    private void urls() {
        once("URLs with http", () -> Fault.json(json -> replaceUrls(json, "https:", "http:")));
        once("URLs that are none", () -> Fault.json(json -> replaceUrls(json, "https:", "//")));
        byName.put(
                "URLs with a host where nothing listens",
                (scene, endpoint) -> scene.ca.fault(
                        endpoint,
                        Fault.json(json -> replaceUrls(
                                json, "https://localhost:[0-9]+", "https://127.0.0.1:" + scene.deadPort()))));
        once("no Location", () -> Fault.withoutHeader("Location"));
        once("Location with http", () -> Fault.header("Location", "http://localhost/1"));
    }

    private static void replaceUrls(ObjectNode json, String from, String to) {
        json.properties().forEach(member -> {
            JsonNode value = member.getValue();
            if (value.isTextual()) {
                json.put(member.getKey(), value.textValue().replaceFirst("^" + from, to));
            } else if (value.isArray() && value.path(0).isTextual()) {
                json.putArray(member.getKey()).add(value.path(0).textValue().replaceFirst("^" + from, to));
            } else {
                value.forEach(element -> {
                    if (element instanceof ObjectNode object) {
                        replaceUrls(object, from, to);
                    }
                });
            }
        });
    }

    private void nonces() {
        once("reply without a nonce", Fault::noNonce);
        once("reply with a malformed nonce", () -> Fault.header("Replay-Nonce", "not base64url!"));
        once("reply with the nonce of the reply before", Fault::repeatedNonce);
        byName.put(
                "nonces expired",
                (scene, endpoint) ->
                        scene.ca.fault(endpoint, Fault.delay(Duration.ZERO).meanwhile(scene.ca::forgetNonces)));
        once("badNonce", Fault::badNonce);
        once("badNonce without a nonce", Fault::badNonceWithoutNonce);
        byName.put("badNonce, always", (scene, endpoint) -> scene.ca.fault(endpoint, Fault.badNonce(), ALWAYS));
    }

    static String httpDate(Instant moment) {
        return HTTP_DATE.format(moment);
    }
}
