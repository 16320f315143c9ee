package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import org.jspecify.annotations.Nullable;

/**
 * A POST whose JWS was found good.
 *
 * @param key the key that signed it
 * @param signer the account of that key when the JWS named it by {@code kid}, null when it carried a {@code jwk}
 */
record SignedRequest(Incoming incoming, JWK key, @Nullable AccountState signer, FlattenedJws jws) {
    AccountState account() {
        if (signer == null) {
            throw new IllegalStateException("This endpoint must ask for a kid");
        }
        return signer;
    }

    boolean isPostAsGet() {
        return jws.payload().isEmpty();
    }

    ObjectNode payload() {
        return Json.parse(jws.payload(), "The payload");
    }

    void requirePostAsGet() {
        if (!isPostAsGet()) {
            throw Problem.malformed("This resource is read with POST-as-GET, the payload being \"\"");
        }
    }
}
