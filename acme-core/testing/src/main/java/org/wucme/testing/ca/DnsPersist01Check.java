package org.wucme.testing.ca;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The dns-persist-01 challenge: one of the TXT records must be for this CA, the account, and what it asks for. */
final class DnsPersist01Check {
    private final Urls urls;

    DnsPersist01Check(Urls urls) {
        this.urls = urls;
    }

    static String recordName(Identifier identifier) {
        return "_validation-persist." + identifier.value();
    }

    /** Returns if a record fits, and says in a problem what the last one lacks if none does. */
    void check(Set<String> records, ChallengeAnswer answer) {
        Problem reason = new Problem(400, "dns", "There is no TXT record at " + recordName(answer.identifier()));
        for (String record : records) {
            try {
                require(record, answer);
                return;
            } catch (Problem e) {
                reason = e;
            }
        }
        throw reason;
    }

    private void require(String record, ChallengeAnswer answer) {
        String[] parts = record.split(";", -1);
        require(ChallengeOffer.ISSUER_DOMAIN_NAMES.contains(parts[0].strip()), "is for another CA");
        Map<String, String> parameters = parameters(parts);
        require(accountUris(answer).contains(parameters.getOrDefault("accounturi", "")), "is for another account");
        if (answer.challenge().authorization.wildcard) {
            require("wildcard".equalsIgnoreCase(parameters.get("policy")), "is not for wildcards");
        }
        requireUnexpired(parameters.getOrDefault("persistUntil", String.valueOf(Long.MAX_VALUE)), answer);
    }

    private static Map<String, String> parameters(String[] parts) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("=", 2);
            if (pair.length < 2 || parameters.put(pair[0], pair[1]) != null) {
                throw Problem.malformed("The TXT record has a parameter twice or without a value");
            }
        }
        return parameters;
    }

    private Set<String> accountUris(ChallengeAnswer answer) {
        boolean hashed = answer.challenge().offer.members().has("issuerDomainNames");
        return hashed
                ? Set.of(hashedUri(answer.identifier().value(), answer), hashedUri("*", answer))
                : Set.of(answer.accountUrl());
    }

    private String hashedUri(String domain, ChallengeAnswer answer) {
        byte[] text = (domain + answer.thumbprint() + answer.accountUrl()).getBytes(StandardCharsets.US_ASCII);
        byte[] hashed = ByteBuffer.allocate(1 + text.length)
                .put((byte) domain.length())
                .put(text)
                .array();
        return urls.accountHashPrefix() + "sha-256/" + Base64Url.encode(ChallengeAnswer.sha256(hashed));
    }

    private static void requireUnexpired(String persistUntil, ChallengeAnswer answer) {
        try {
            require(answer.at().getEpochSecond() <= Long.parseLong(persistUntil), "has expired");
        } catch (NumberFormatException e) {
            throw Problem.malformed("persistUntil is no number");
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw Problem.unauthorized("A TXT record of dns-persist-01 " + what);
        }
    }
}
