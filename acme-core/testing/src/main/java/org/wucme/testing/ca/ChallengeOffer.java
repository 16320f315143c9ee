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
    static List<ChallengeOffer> forIdentifier(Identifier ordered, DnsPersistDraft draft, Randomness random) {
        return switch (ordered.type()) {
            case "dns" -> ordered.isWildcard() ? byDns(draft, random) : concat(byServer(random), byDns(draft, random));
            case "email" -> List.of(emailReply00(random));
            case "permanent-identifier", "hardware-module" -> List.of(withToken("device-attest-01", random));
            default -> byServer(random);
        };
    }

    private static List<ChallengeOffer> byServer(Randomness random) {
        return List.of(withToken("http-01", random), withToken("tls-alpn-01", random));
    }

    private static List<ChallengeOffer> byDns(DnsPersistDraft draft, Randomness random) {
        return List.of(withToken("dns-01", random), withToken("dns-account-01", random), dnsPersist01(draft));
    }

    private static ChallengeOffer withToken(String type, Randomness random) {
        return new ChallengeOffer(type, Json.object().put("token", random.text(32)));
    }

    private static ChallengeOffer dnsPersist01(DnsPersistDraft draft) {
        ObjectNode members = Json.object();
        String list = draft == DnsPersistDraft.DRAFT_01 ? "issuer-domain-names" : "issuerDomainNames";
        ISSUER_DOMAIN_NAMES.forEach(members.putArray(list)::add);
        return new ChallengeOffer("dns-persist-01", members);
    }

    private static ChallengeOffer emailReply00(Randomness random) {
        return new ChallengeOffer(
                "email-reply-00", Json.object().put("token", random.text(16)).put("from", MAIL_FROM));
    }

    private static List<ChallengeOffer> concat(List<ChallengeOffer> first, List<ChallengeOffer> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
