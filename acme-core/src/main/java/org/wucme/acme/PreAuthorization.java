package org.wucme.acme;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.wucme.acme.internal.json.Json;

/** Creates an authorization ahead of any order (RFC 8555 section 7.4.1). */
final class PreAuthorization {

    private final Directory directory;
    private final Creation<Authorization> creation;

    PreAuthorization(Directory directory, Creation<Authorization> creation) {
        this.directory = directory;
        this.creation = creation;
    }

    Authorization create(Identifier identifier, boolean withSubdomains) throws IOException {
        if (identifier.isWildcard()) {
            throw new IllegalArgumentException(
                    "a wildcard cannot be authorized ahead of an order (RFC 8555 section 7.4.1): " + identifier);
        }
        String newAuthz = directory.newAuthz();
        if (newAuthz == null) {
            throw new NotOfferedException("the CA authorizes nothing ahead of an order: its directory has no newAuthz");
        }
        if (withSubdomains && !directory.subdomainAuthAllowed()) {
            throw new NotOfferedException("the CA does not authorize subdomains with their domain (RFC 9444)");
        }
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("identifier", identifier.members());
        if (withSubdomains) {
            payload.put("subdomainAuthAllowed", true);
        }
        return creation.create(
                "creating new authorization for " + identifier + " at " + newAuthz, newAuthz, Json.encode(payload));
    }
}
