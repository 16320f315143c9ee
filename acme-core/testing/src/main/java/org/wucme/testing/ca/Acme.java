package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The protocol: an HTTP request in, the reply out (RFC 8555). It knows nothing of sockets and faults. */
final class Acme {
    private final Settings settings;
    private final Urls urls;
    private final Nonces nonces;
    private final JwsCheck jwsCheck;
    private final AccountService accounts;
    private final OrderService orders;
    private final AuthorizationService authorizations;
    private final CertificateService certificates;
    private final StarService star;
    private final RenewalService renewals;

    Acme(
            Settings settings,
            Urls urls,
            Nonces nonces,
            JwsCheck jwsCheck,
            AccountService accounts,
            OrderService orders,
            AuthorizationService authorizations,
            CertificateService certificates,
            StarService star,
            RenewalService renewals) {
        this.settings = settings;
        this.urls = urls;
        this.nonces = nonces;
        this.jwsCheck = jwsCheck;
        this.accounts = accounts;
        this.orders = orders;
        this.authorizations = authorizations;
        this.certificates = certificates;
        this.star = star;
        this.renewals = renewals;
    }

    Reply handle(Route route, Incoming request) {
        Reply reply;
        try {
            if (request.header("User-Agent").isBlank()) {
                throw Problem.malformed("Clients must send a User-Agent");
            }
            reply = answer(route, request);
        } catch (Problem problem) {
            reply = problem.reply();
        }
        return route.endpoint() == Endpoint.DIRECTORY
                ? reply
                : reply.with("Link", "<" + urls.directory() + ">;rel=\"index\"");
    }

    /** What goes with every reply that is not the directory (RFC 8555 section 6.5). */
    Reply withNonce(Reply reply) {
        return reply.replacing("Replay-Nonce", nonces.create());
    }

    /** A reply with the nonce of the reply before. */
    Reply withRepeatedNonce(Reply reply) {
        return reply.replacing("Replay-Nonce", nonces.repeat());
    }

    private Reply answer(Route route, Incoming request) {
        return switch (route.endpoint()) {
            case DIRECTORY -> directory(request);
            case NEW_NONCE -> newNonce(request);
            case NEW_ACCOUNT -> accounts.create(jwsCheck.check(request, JwsCheck.Signer.JWK));
            case ACCOUNT -> accounts.update(byAccount(request), route.id());
            case ORDERS -> accounts.orders(byAccount(request), route.id(), route.part());
            case KEY_CHANGE -> accounts.changeKey(byAccount(request));
            case NEW_ORDER -> orders.create(byAccount(request));
            case ORDER -> orders.fetch(byAccount(request), route.id());
            case FINALIZE -> orders.finalizeOrder(byAccount(request), route.id());
            case NEW_AUTHORIZATION -> authorizations.create(byAccount(request));
            case AUTHORIZATION -> authorizations.authorization(byAccount(request), route.id());
            case CHALLENGE -> authorizations.challenge(byAccount(request), route.id());
            case CERTIFICATE -> certificates.download(byAccount(request), route.id(), route.part());
            case STAR_CERTIFICATE ->
                star.download(request, request.method().equals("GET") ? null : byAccount(request), route.id());
            case REVOKE -> certificates.revoke(jwsCheck.check(request, JwsCheck.Signer.EITHER));
            case RENEWAL_INFO -> renewalInfo(request, route.id());
            case UNKNOWN -> throw Problem.notFound("There is nothing here");
        };
    }

    private SignedRequest byAccount(Incoming request) {
        SignedRequest signed = jwsCheck.check(request, JwsCheck.Signer.KID);
        accounts.requireAgreement(signed.account());
        return signed;
    }

    private Reply directory(Incoming request) {
        requireGet(request);
        ObjectNode directory = Json.object()
                .put("newNonce", urls.newNonce())
                .put("newAccount", urls.newAccount())
                .put("newOrder", urls.newOrder())
                .put("revokeCert", urls.revokeCert())
                .put("keyChange", urls.keyChange())
                .put("renewalInfo", urls.renewalInfo())
                .put(settings.random.text(8), "https://example.org/a-key-that-clients-must-ignore");
        ObjectNode meta = directory.putObject("meta");
        String terms = settings.termsOfService;
        if (terms != null) {
            meta.put("termsOfService", terms);
        }
        if (!settings.externalAccountKeys.isEmpty()) {
            meta.put("externalAccountRequired", true);
        }
        advertiseExtensions(directory, meta);
        if (settings.dnsPersistDraft == DnsPersistDraft.DRAFT_02) {
            ChallengeOffer.ISSUER_DOMAIN_NAMES.forEach(meta.putArray("issuerDomainNames")::add);
            meta.put("accountHashPrefix", urls.accountHashPrefix());
        }
        settings.profiles.forEach(
                (name, description) -> meta.withObject("/profiles").put(name, description));
        return Reply.json(200, directory);
    }

    private void advertiseExtensions(ObjectNode directory, ObjectNode meta) {
        if (settings.preAuthorization) {
            directory.put("newAuthz", urls.newAuthorization());
        }
        if (settings.subdomainAuth) {
            meta.put("subdomainAuthAllowed", true);
        }
        if (!settings.delegations.isEmpty()) {
            meta.put("delegation-enabled", true);
        }
        if (settings.autoRenewal != null) {
            meta.set("auto-renewal", settings.autoRenewal.toJson());
        }
    }

    private Reply renewalInfo(Incoming request, String certificateId) {
        requireGet(request);
        return renewals.answer(certificateId);
    }

    private static Reply newNonce(Incoming request) {
        requireGet(request);
        return Reply.empty(request.method().equals("HEAD") ? 200 : 204).with("Cache-Control", "no-store");
    }

    private static void requireGet(Incoming request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw new Problem(405, "malformed", "This resource takes GET only, not " + request.method())
                    .header("Allow", "GET, HEAD");
        }
    }
}
