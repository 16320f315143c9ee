package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** An authorization (RFC 8555 section 7.1.4), guarded by the {@link Registry}. */
final class AuthorizationState {
    final String id;
    final AccountState account;
    final Identifier identifier;
    final boolean wildcard;
    final Instant expires;
    final List<ChallengeState> challenges;
    String status = "pending";
    boolean preAuthorized;
    boolean subdomainAuthAllowed;

    /** @param ordered the identifier as the order has it, perhaps with its wildcard */
    AuthorizationState(
            AccountState account, Identifier ordered, Instant expires, DnsPersistDraft draft, Randomness random) {
        this.id = random.text(9);
        this.account = account;
        this.identifier = ordered.base();
        this.wildcard = ordered.isWildcard();
        this.expires = expires;
        this.challenges = ChallengeOffer.forIdentifier(ordered, draft, random).stream()
                .map(offer -> new ChallengeState(random, offer, this))
                .toList();
    }

    void move(String from, String to) {
        if (status.equals(from)) {
            status = to;
        }
    }

    boolean isFor(AccountState owner, Identifier ordered) {
        return account == owner && identifier.equals(ordered.base()) && wildcard == ordered.isWildcard();
    }

    ObjectNode toJson(Urls urls) {
        ObjectNode json = Json.object().put("status", status).put("expires", Times.text(expires));
        json.set("identifier", identifier.toJson());
        ArrayNode shown = json.putArray("challenges");
        challenges.stream().filter(this::isShown).forEach(challenge -> shown.add(challenge.toJson(urls)));
        if (wildcard) {
            json.put("wildcard", true);
        }
        if (subdomainAuthAllowed) {
            json.put("subdomainAuthAllowed", true);
        }
        return json;
    }

    /** Once decided, an authorization shows the challenge that decided it (RFC 8555 section 7.1.4). */
    private boolean isShown(ChallengeState challenge) {
        return switch (status) {
            case "valid", "invalid" -> challenge.status.equals(status);
            default -> true;
        };
    }
}
