package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An order (RFC 8555 section 7.1.3), guarded by the {@link Registry}. */
final class OrderState {
    final String id;
    final AccountState account;
    final OrderTerms terms;
    final List<AuthorizationState> authorizations;
    final Instant expires;
    String status = "pending";
    int pollsUntilReady;
    int pollsUntilValid;

    @Nullable
    CertificateState certificate;

    @Nullable
    ObjectNode error;

    /** When automatic renewal began, and for which key. */
    @Nullable
    Instant renewalBegun;

    @Nullable
    Csr csr;

    OrderState(
            String id,
            AccountState account,
            OrderTerms terms,
            List<AuthorizationState> authorizations,
            Instant expires) {
        this.id = id;
        this.account = account;
        this.terms = terms;
        this.authorizations = authorizations;
        this.expires = expires;
    }

    /** Moves the order on as far as it may go, when the client asks for it. */
    void poll() {
        if (isNextReady() && pollsUntilReady > 0) {
            pollsUntilReady--;
        } else if (status.equals("processing") && pollsUntilValid > 0) {
            pollsUntilValid--;
        } else {
            settle();
        }
    }

    /** Lets an order whose authorizations have been decided be ready or invalid, without counting a poll. */
    void settle() {
        if (status.equals("pending") && authorizations.stream().anyMatch(OrderState::isLost)) {
            status = "invalid";
        } else if (isNextReady() && pollsUntilReady == 0) {
            status = "ready";
        } else if (status.equals("processing") && pollsUntilValid == 0) {
            finish();
        }
    }

    private void finish() {
        if (error != null) {
            status = "invalid";
        } else if (certificate != null) {
            status = "valid";
        }
    }

    private boolean isNextReady() {
        return status.equals("pending")
                && authorizations.stream().allMatch(authorization -> authorization.status.equals("valid"));
    }

    private static boolean isLost(AuthorizationState authorization) {
        return !Set.of("pending", "valid").contains(authorization.status);
    }

    ObjectNode toJson(Urls urls) {
        ObjectNode json = Json.object().put("status", status).put("expires", Times.text(expires));
        terms.writeTo(json);
        json.putArray("authorizations");
        authorizations.forEach(
                authorization -> json.withArray("authorizations").add(urls.authorization(authorization.id)));
        json.put("finalize", urls.finalizeOrder(id));
        if (status.equals("invalid") && error != null) {
            json.set("error", error);
        }
        if (status.equals("valid") && certificate != null) {
            String url = urls.certificate(certificate.id);
            json.put(
                    renewalBegun == null ? "certificate" : "star-certificate",
                    renewalBegun == null ? url : urls.star(id));
        }
        return json;
    }
}
