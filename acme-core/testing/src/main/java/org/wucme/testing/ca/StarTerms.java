package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** How an order is renewed automatically (RFC 8739 section 3.1.1). */
record StarTerms(@Nullable Instant start, Instant end, Duration lifetime, Duration adjust, boolean certificateGet) {

    /** When one of the certificates is valid. */
    record Period(Instant from, Instant to) {}

    static StarTerms parse(JsonNode json, Settings settings) {
        TestCa.AutoRenewal limits = settings.autoRenewal;
        if (limits == null) {
            throw Problem.malformed("There is no automatic renewal here");
        }
        StarTerms terms = new StarTerms(
                time(json, "start-date"),
                required(time(json, "end-date"), "end-date"),
                Duration.ofSeconds(json.path("lifetime").asLong()),
                Duration.ofSeconds(json.path("lifetime-adjust").asLong()),
                json.path("allow-certificate-get").asBoolean());
        Duration whole = Duration.between(terms.start == null ? settings.now() : terms.start, terms.end);
        if (terms.lifetime.compareTo(limits.minLifetime()) < 0 || whole.compareTo(limits.maxDuration()) > 0) {
            throw Problem.malformed("Too short a lifetime, or too long a renewal");
        }
        return terms;
    }

    /** The certificate that is served now, when renewal began then: each is renewed after half of its life. */
    Period period(Instant begun, Instant now) {
        Duration step = lifetime.dividedBy(2);
        long renewals = Math.max(0, Duration.between(begun, now).dividedBy(step));
        Instant from = begun.plus(step.multipliedBy(renewals));
        Instant to = from.plus(lifetime);
        return new Period(from.minus(adjust), to.isBefore(end) ? to : end);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        if (start != null) {
            json.put("start-date", Times.text(start));
        }
        return json.put("end-date", Times.text(end))
                .put("lifetime", lifetime.toSeconds())
                .put("lifetime-adjust", adjust.toSeconds())
                .put("allow-certificate-get", certificateGet);
    }

    static @Nullable Instant time(JsonNode json, String member) {
        if (!json.has(member)) {
            return null;
        }
        try {
            return Instant.parse(Json.text(json, member, "newOrder"));
        } catch (DateTimeParseException e) {
            throw Problem.malformed(member + " is not a time as in RFC 3339");
        }
    }

    private static <T> T required(@Nullable T value, String member) {
        if (value == null) {
            throw Problem.malformed("auto-renewal needs " + member);
        }
        return value;
    }
}
