package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Orders, from newOrder to finalize (RFC 8555 section 7.4). */
final class OrderService {
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final Registry registry;
    private final Settings settings;
    private final Urls urls;
    private final Issuer issuer;
    private final Predecessor predecessor;

    OrderService(Registry registry, Settings settings, Urls urls, Issuer issuer) {
        this.registry = registry;
        this.settings = settings;
        this.urls = urls;
        this.issuer = issuer;
        this.predecessor = new Predecessor(registry);
    }

    Reply create(SignedRequest request) {
        OrderTerms terms = OrderTerms.parse(request.payload(), settings);
        refuseBlocked(terms.identifiers());
        Instant expires = settings.now().plus(LIFETIME);
        synchronized (registry) {
            if (terms.replaces() != null) {
                predecessor.find(terms.replaces(), request.account());
            }
            List<AuthorizationState> authorizations = terms.toProve().stream()
                    .map(identifier -> authorization(request.account(), identifier, terms, expires))
                    .toList();
            OrderState order =
                    new OrderState(settings.random.text(9), request.account(), terms, authorizations, expires);
            order.pollsUntilReady = settings.ordersReadyAtOnce ? 0 : settings.pollsUntilReady;
            order.settle();
            registry.add(order);
            return reply(201, Endpoint.NEW_ORDER, order).with("Location", urls.order(order.id));
        }
    }

    Reply fetch(SignedRequest request, String id) {
        synchronized (registry) {
            OrderState order = own(request, id);
            if (request.isPostAsGet()) {
                order.poll();
            } else {
                cancel(order, request.payload());
            }
            return reply(200, Endpoint.ORDER, order);
        }
    }

    Reply finalizeOrder(SignedRequest request, String id) {
        String csrText = Json.text(request.payload(), "csr", "The payload");
        OrderState order = begin(request, id);
        CertificateState certificate = null;
        Problem failure = settings.issuanceProblem;
        try {
            Csr csr = Csr.parse(Base64Url.decode(csrText, "The csr"));
            csr.require(order.terms.identifiers(), request.key());
            beginRenewal(order, csr);
            if (failure == null) {
                certificate = issuer.issue(csr, order);
            }
        } catch (Problem badCsr) {
            // The order stays ready, so that the client may send a better CSR.
            synchronized (registry) {
                order.status = "ready";
            }
            throw badCsr;
        }
        synchronized (registry) {
            finish(order, certificate, failure);
            return reply(200, Endpoint.FINALIZE, order).with("Location", urls.order(order.id));
        }
    }

    private OrderState begin(SignedRequest request, String id) {
        synchronized (registry) {
            OrderState order = own(request, id);
            order.settle();
            if (!order.status.equals("ready")) {
                throw new Problem(403, "orderNotReady", "The order is " + order.status);
            }
            order.status = "processing";
            order.pollsUntilValid = settings.pollsUntilValid;
            return order;
        }
    }

    private void beginRenewal(OrderState order, Csr csr) {
        StarTerms terms = order.terms.autoRenewal();
        if (terms != null) {
            synchronized (registry) {
                order.csr = csr;
                order.renewalBegun = terms.start() == null ? settings.now() : terms.start();
            }
        }
    }

    private static void cancel(OrderState order, ObjectNode payload) {
        if (!payload.path("status").asText().equals("canceled")) {
            throw Problem.malformed("An order can be canceled, and nothing else");
        }
        if (order.renewalBegun == null || !order.status.equals("valid")) {
            throw new Problem(403, "autoRenewalCancellationInvalid", "The order is not being renewed");
        }
        order.status = "canceled";
    }

    private void finish(OrderState order, @Nullable CertificateState certificate, @Nullable Problem failure) {
        if (certificate != null) {
            registry.add(certificate);
            if (order.terms.replaces() != null) {
                predecessor.find(order.terms.replaces(), order.account).replaced = true;
            }
        }
        order.certificate = certificate;
        order.error = failure == null ? null : failure.document();
        if (settings.finalizeAtOnce) {
            order.pollsUntilValid = 0;
            order.settle();
        }
    }

    private void refuseBlocked(Set<Identifier> identifiers) {
        List<Identifier> blocked =
                identifiers.stream().filter(settings::isBlocked).toList();
        if (blocked.isEmpty()) {
            return;
        }
        throw new Problem(400, "rejectedIdentifier", blocked.size() + " identifiers are not issued for")
                .and(problem -> blocked.forEach(identifier -> problem.withArray("subproblems")
                        .add(Problem.document("rejectedIdentifier", "Blocked by policy: " + identifier.value())
                                .set("identifier", identifier.toJson()))));
    }

    private AuthorizationState authorization(
            AccountState account, Identifier identifier, OrderTerms terms, Instant expires) {
        boolean withSubdomains = !terms.identifiers().contains(identifier);
        for (AuthorizationState known : registry.authorizations()) {
            if (known.isFor(account, identifier)
                    && known.status.equals("valid")
                    && (settings.reuseAuthorizations || known.preAuthorized)
                    && (known.subdomainAuthAllowed || !withSubdomains)) {
                return known;
            }
        }
        AuthorizationState created =
                new AuthorizationState(account, identifier, expires, settings.dnsPersistDraft, settings.random);
        created.subdomainAuthAllowed = withSubdomains;
        if (settings.ordersReadyAtOnce) {
            created.status = "valid";
        }
        registry.add(created);
        return created;
    }

    private OrderState own(SignedRequest request, String id) {
        OrderState order = registry.order(id);
        if (order.account != request.account()) {
            throw Problem.unauthorized("This order belongs to another account");
        }
        return order;
    }

    private Reply reply(int status, Endpoint endpoint, OrderState order) {
        return settings.paced(endpoint, order.status, Reply.json(status, order.toJson(urls)));
    }
}
