package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;

/** Judges the JWS of every POST (RFC 8555 sections 6.1 to 6.5). */
final class JwsCheck {
    /** How an endpoint wants the signer named. */
    enum Signer {
        JWK,
        KID,
        EITHER
    }

    private final Registry registry;
    private final Nonces nonces;

    JwsCheck(Registry registry, Nonces nonces) {
        this.registry = registry;
        this.nonces = nonces;
    }

    SignedRequest check(Incoming request, Signer wanted) {
        if (!request.method().equals("POST")) {
            throw new Problem(405, "malformed", "This resource takes POST only, not " + request.method())
                    .header("Allow", "POST");
        }
        if (!request.header("Content-Type").equals("application/jose+json")) {
            throw new Problem(
                    415,
                    "malformed",
                    "The Content-Type must be application/jose+json, not " + request.header("Content-Type"));
        }
        if (request.headers().get("Replay-Nonce") != null) {
            throw Problem.malformed("Replay-Nonce is a field of responses");
        }
        FlattenedJws jws = FlattenedJws.parse(request.body());
        // Whatever else is wrong with the request, a nonce once seen is spent.
        boolean freshNonce = nonces.spend(jws.required("nonce"));
        SignedRequest signed = signed(request, jws, wanted);
        jws.verify(signed.key());
        Base64Url.decode(jws.required("nonce"), "The nonce");
        if (!freshNonce) {
            throw new Problem(400, "badNonce", "The nonce is unknown or was used before");
        }
        if (!jws.required("url").equals(request.url())) {
            throw new Problem(401, "unauthorized", "The url of the JWS header is not the URL requested")
                    .and(problem -> problem.put("expected", request.url()));
        }
        return signed;
    }

    private SignedRequest signed(Incoming request, FlattenedJws jws, Signer wanted) {
        ObjectNode header = jws.header();
        if (header.has("jwk") == header.has("kid")) {
            throw Problem.malformed("The protected header needs exactly one of jwk and kid");
        }
        if (header.has("jwk")) {
            if (wanted == Signer.KID) {
                throw Problem.malformed("This request must name its account by kid");
            }
            JWK key = jws.jwk();
            return new SignedRequest(request, key, null, jws);
        }
        if (wanted == Signer.JWK) {
            throw Problem.malformed("This request must carry its key as jwk");
        }
        AccountState account = registry.accountOfUrl(jws.required("kid"));
        synchronized (registry) {
            if (!account.status.equals("valid")) {
                throw new Problem(401, "unauthorized", "The account is " + account.status);
            }
            return new SignedRequest(request, account.key, account, jws);
        }
    }
}
