package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What newOrder asked for (RFC 8555 section 7.4).
 *
 * @param ancestors where control of a name is to be proven instead (RFC 9444)
 */
record OrderTerms(
        Set<Identifier> identifiers,
        Map<Identifier, Identifier> ancestors,
        @Nullable String profile,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String replaces,
        @Nullable StarTerms autoRenewal,
        @Nullable String delegation) {

    static OrderTerms parse(ObjectNode payload, Settings settings) {
        JsonNode list = payload.path("identifiers");
        if (!list.isArray() || list.isEmpty()) {
            throw Problem.malformed("newOrder needs identifiers");
        }
        Set<Identifier> identifiers = new LinkedHashSet<>();
        Map<Identifier, Identifier> ancestors = new LinkedHashMap<>();
        for (JsonNode node : list) {
            Identifier identifier = Identifier.parse(node);
            identifiers.add(identifier);
            if (node.has("ancestorDomain")) {
                ancestors.put(identifier, ancestor(identifier, node, settings));
            }
        }
        OrderTerms terms = new OrderTerms(
                identifiers,
                ancestors,
                text(payload, "profile"),
                StarTerms.time(payload, "notBefore"),
                StarTerms.time(payload, "notAfter"),
                text(payload, "replaces"),
                payload.has("auto-renewal") ? StarTerms.parse(payload.path("auto-renewal"), settings) : null,
                text(payload, "delegation"));
        terms.check(settings);
        return terms;
    }

    private static Identifier ancestor(Identifier identifier, JsonNode node, Settings settings) {
        Identifier ancestor = new Identifier("dns", Json.text(node, "ancestorDomain", "An identifier"));
        if (!settings.subdomainAuth || !identifier.value().endsWith("." + ancestor.value())) {
            throw Problem.malformed(identifier.value() + " cannot be proven at " + ancestor.value());
        }
        return ancestor;
    }

    private void check(Settings settings) {
        if (profile != null && !settings.profiles.containsKey(profile)) {
            throw new Problem(400, "invalidProfile", "There is no profile \"" + profile + "\"");
        }
        if (autoRenewal != null && (notBefore != null || notAfter != null)) {
            throw Problem.malformed("auto-renewal goes without notBefore and notAfter");
        }
        if (delegation != null && !settings.delegations.contains(delegation)) {
            throw new Problem(403, "unknownDelegation", "There is no delegation " + delegation);
        }
    }

    /** What is to be proven, each once. */
    List<Identifier> toProve() {
        return delegation != null
                ? List.of()
                : identifiers.stream()
                        .map(identifier -> ancestors.getOrDefault(identifier, identifier))
                        .distinct()
                        .toList();
    }

    void writeTo(ObjectNode json) {
        for (Identifier identifier : identifiers) {
            ObjectNode node = identifier.toJson();
            Identifier ancestor = ancestors.get(identifier);
            json.withArray("identifiers").add(ancestor == null ? node : node.put("ancestorDomain", ancestor.value()));
        }
        putIfPresent(json, "profile", profile);
        putIfPresent(json, "notBefore", notBefore == null ? null : Times.text(notBefore));
        putIfPresent(json, "notAfter", notAfter == null ? null : Times.text(notAfter));
        putIfPresent(json, "replaces", replaces);
        putIfPresent(json, "delegation", delegation);
        if (autoRenewal != null) {
            json.set("auto-renewal", autoRenewal.toJson());
        }
    }

    private static void putIfPresent(ObjectNode json, String member, @Nullable String value) {
        if (value != null) {
            json.put(member, value);
        }
    }

    private static @Nullable String text(ObjectNode payload, String member) {
        return payload.has(member) ? Json.text(payload, member, "newOrder") : null;
    }
}
