package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import java.util.List;

/** An account (RFC 8555 section 7.1.2), guarded by the {@link Registry}. */
final class AccountState {
    final String id;
    JWK key;
    List<String> contact;
    String status = "valid";
    boolean agreed = true;

    AccountState(String id, JWK key, List<String> contact) {
        this.id = id;
        this.key = key;
        this.contact = contact;
    }

    ObjectNode toJson(Urls urls) {
        ObjectNode json = Json.object().put("status", status);
        contact.forEach(json.putArray("contact")::add);
        return json.put("termsOfServiceAgreed", agreed).put("orders", urls.orders(id));
    }
}
