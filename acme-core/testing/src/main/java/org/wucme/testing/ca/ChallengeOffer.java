package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a CA puts into a challenge beside what all have.
 *
 * @param members {@code token} and whatever else the type has
 */
record ChallengeOffer(String type, ObjectNode members) {
    /** The names under which records of dns-persist-01 may name this CA. */
    static final List<String> ISSUER_DOMAIN_NAMES = List.of("testca.example", "ca.testca.example");

    /** The sender of the mails of email-reply-00. */
    static final String MAIL_FROM = "acme-challenge@testca.example";

    /** What is offered for an identifier as the order has it, perhaps with its wildcard. */
    static List<ChallengeOffer> forIdentifier(Identifier ordered, DnsPersistDraft draft) {
        return switch (ordered.type()) {
            case "dns" -> ordered.isWildcard() ? byDns(draft) : concat(byServer(), byDns(draft));
            case "email" -> List.of(emailReply00());
            case "permanent-identifier", "hardware-module" -> List.of(withToken("device-attest-01"));
            default -> byServer();
        };
    }

    private static List<ChallengeOffer> byServer() {
        return List.of(withToken("http-01"), withToken("tls-alpn-01"));
    }

    private static List<ChallengeOffer> byDns(DnsPersistDraft draft) {
        return List.of(withToken("dns-01"), withToken("dns-account-01"), dnsPersist01(draft));
    }

    private static ChallengeOffer withToken(String type) {
        return new ChallengeOffer(type, Json.object().put("token", Base64Url.random(32)));
    }

    private static ChallengeOffer dnsPersist01(DnsPersistDraft draft) {
        ObjectNode members = Json.object();
        String list = draft == DnsPersistDraft.DRAFT_01 ? "issuer-domain-names" : "issuerDomainNames";
        ISSUER_DOMAIN_NAMES.forEach(members.putArray(list)::add);
        return new ChallengeOffer("dns-persist-01", members);
    }

    private static ChallengeOffer emailReply00() {
        return new ChallengeOffer(
                "email-reply-00",
                Json.object().put("token", Base64Url.random(16)).put("from", MAIL_FROM));
    }

    private static List<ChallengeOffer> concat(List<ChallengeOffer> first, List<ChallengeOffer> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
