package org.wucme.acme.internal.jose;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.octets.Base64Url;

/** A JWS as RFC 8555 section 6.2 wants it: flattened JSON, one signature, everything in the protected header. */
final class FlattenedJws {

    private FlattenedJws() {}

    /** What signs the octets of a JWS. */
    interface Signing<E extends Exception> {
        byte[] sign(byte[] input) throws E;
    }

    /**
     * The members of a JWS, to be sent or to be put into another one.
     *
     * @param payload empty for POST-as-GET
     */
    static <E extends Exception> Map<String, Object> sign(Map<String, ?> header, byte[] payload, Signing<E> signing)
            throws E {
        String protectedPart = Base64Url.encode(Json.encode(header));
        String payloadPart = Base64Url.encode(payload);
        byte[] input = (protectedPart + "." + payloadPart).getBytes(StandardCharsets.US_ASCII);
        Map<String, Object> jws = new LinkedHashMap<>();
        jws.put("protected", protectedPart);
        jws.put("payload", payloadPart);
        jws.put("signature", Base64Url.encode(signing.sign(input)));
        return jws;
    }
}
