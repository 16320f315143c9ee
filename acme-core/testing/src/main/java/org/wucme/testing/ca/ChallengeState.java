package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A challenge (RFC 8555 section 7.1.5), guarded by the {@link Registry}. */
final class ChallengeState {
    final String id;
    /** What a mail tells of the token, for email-reply-00 only (RFC 8823). */
    final String tokenPart1;

    final ChallengeOffer offer;
    final AuthorizationState authorization;
    String status = "pending";

    @Nullable
    Instant validated;

    @Nullable
    ObjectNode error;

    ChallengeState(Randomness random, ChallengeOffer offer, AuthorizationState authorization) {
        this.id = random.text(9);
        this.tokenPart1 = random.text(16);
        this.offer = offer;
        this.authorization = authorization;
    }

    void pass(Instant now) {
        if (!status.equals("processing")) {
            return;
        }
        status = "valid";
        validated = now;
        authorization.move("pending", "valid");
    }

    void fail(ObjectNode problem) {
        if (!status.equals("processing")) {
            return;
        }
        status = "invalid";
        error = problem;
        authorization.move("pending", "invalid");
    }

    /** Notes that the work failed for now, and awaits that the client asks again. */
    void leave(String undecided, ObjectNode problem) {
        status = undecided;
        error = problem;
    }

    ObjectNode toJson(Urls urls) {
        ObjectNode json = Json.object()
                .put("type", offer.type())
                .put("url", urls.challenge(id))
                .put("status", status)
                .setAll(offer.members());
        if (offer.members().has("issuer-domain-names")) {
            json.put("accounturi", urls.account(authorization.account.id));
        }
        if (validated != null) {
            json.put("validated", Times.text(validated));
        }
        if (error != null) {
            json.set("error", error);
        }
        return json;
    }
}
