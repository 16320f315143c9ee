package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accounts: creation, update, deactivation, key rollover and the list of orders (RFC 8555 section 7.3). */
final class AccountService {
    private static final int ORDERS_PER_PAGE = 3;

    private final Registry registry;
    private final Settings settings;
    private final Urls urls;

    AccountService(Registry registry, Settings settings, Urls urls) {
        this.registry = registry;
        this.settings = settings;
        this.urls = urls;
    }

    Reply create(SignedRequest request) {
        ObjectNode payload = request.payload();
        synchronized (registry) {
            Optional<AccountState> existing = registry.accountOfKey(request.key());
            if (existing.isPresent()) {
                return existing(existing.get());
            }
            if (payload.path("onlyReturnExisting").asBoolean()) {
                throw new Problem(400, "accountDoesNotExist", "No account has this key");
            }
        }
        requireAgreement(payload);
        List<String> contact = contact(payload.path("contact"));
        requireExternalAccount(request, payload.path("externalAccountBinding"));
        synchronized (registry) {
            Optional<AccountState> rival = registry.accountOfKey(request.key());
            if (rival.isPresent()) {
                return existing(rival.get());
            }
            AccountState account = new AccountState(settings.random.text(9), request.key(), contact);
            registry.add(account);
            return reply(201, account).with("Location", urls.account(account.id));
        }
    }

    Reply update(SignedRequest request, String id) {
        synchronized (registry) {
            AccountState account = own(request, id);
            if (!request.isPostAsGet()) {
                change(account, request.payload());
            }
            return reply(200, account);
        }
    }

    Reply orders(SignedRequest request, String id, int page) {
        request.requirePostAsGet();
        synchronized (registry) {
            AccountState account = own(request, id);
            List<OrderState> orders = registry.orders().stream()
                    .filter(order -> order.account == account && !order.status.equals("invalid"))
                    .toList();
            int pages = (orders.size() + ORDERS_PER_PAGE - 1) / ORDERS_PER_PAGE;
            if (page > 0 && page >= pages) {
                throw Problem.notFound("The list of orders has " + pages + " pages");
            }
            ArrayNode list = Json.object().putArray("orders");
            orders.stream()
                    .skip((long) page * ORDERS_PER_PAGE)
                    .limit(ORDERS_PER_PAGE)
                    .forEach(order -> list.add(urls.order(order.id)));
            ObjectNode body = Json.object();
            body.set("orders", list);
            Reply reply = Reply.json(200, body);
            return page + 1 < pages
                    ? reply.with("Link", "<" + urls.orders(id) + "/" + (page + 1) + ">;rel=\"next\"")
                    : reply;
        }
    }

    Reply changeKey(SignedRequest request) {
        FlattenedJws inner = FlattenedJws.parse(request.jws().payload());
        JWK newKey = inner.jwk();
        inner.verify(newKey);
        inner.requireHeader("alg", "jwk", "url");
        if (!inner.required("url").equals(request.incoming().url())) {
            throw Problem.malformed("The inner JWS must have the url of the outer one");
        }
        ObjectNode payload = Json.parse(inner.payload(), "The inner payload");
        AccountState account = request.account();
        if (!Json.text(payload, "account", "The inner payload").equals(urls.account(account.id))) {
            throw Problem.malformed("The inner payload names another account");
        }
        if (!isKey(payload.path("oldKey"), request.key())) {
            throw Problem.malformed("The oldKey is not the key of the account");
        }
        synchronized (registry) {
            Optional<AccountState> holder = registry.accountOfKey(newKey);
            if (holder.isPresent()) {
                throw new Problem(409, "malformed", "The new key belongs to an account already")
                        .header("Location", urls.account(holder.get().id));
            }
            account.key = newKey;
            return reply(200, account);
        }
    }

    private Reply existing(AccountState account) {
        if (!account.status.equals("valid")) {
            throw new Problem(401, "unauthorized", "The account of this key is " + account.status);
        }
        return reply(200, account).with("Location", urls.account(account.id));
    }

    private Reply reply(int status, AccountState account) {
        return Reply.json(status, account.toJson(urls));
    }

    private AccountState own(SignedRequest request, String id) {
        AccountState account = registry.account(id);
        if (account != request.account()) {
            throw Problem.unauthorized("This is another account");
        }
        return account;
    }

    private static void change(AccountState account, ObjectNode payload) {
        if (payload.has("contact")) {
            account.contact = contact(payload.path("contact"));
        }
        String status = payload.path("status").asText("valid");
        if (!Set.of("valid", "deactivated").contains(status)) {
            throw Problem.malformed("An account can be deactivated, not made " + status);
        }
        account.status = status;
    }

    private void requireAgreement(ObjectNode payload) {
        String terms = settings.termsOfService;
        if (terms != null && !payload.path("termsOfServiceAgreed").asBoolean()) {
            throw disagreed(terms);
        }
    }

    /** Refuses an account that has not agreed to terms that changed (RFC 8555 section 7.3.3). */
    void requireAgreement(AccountState account) {
        String terms = settings.termsOfService;
        synchronized (registry) {
            if (terms != null && !account.agreed) {
                throw disagreed(terms);
            }
        }
    }

    private static Problem disagreed(String terms) {
        return new Problem(403, "userActionRequired", "The terms of service must be agreed to")
                .and(problem -> problem.put("instance", terms))
                .header("Link", "<" + terms + ">;rel=\"terms-of-service\"");
    }

    private static List<String> contact(JsonNode contact) {
        if (!contact.isMissingNode() && !contact.isArray()) {
            throw Problem.malformed("contact must be an array");
        }
        List<String> addresses = new ArrayList<>();
        for (JsonNode node : contact) {
            addresses.add(address(node.asText()));
        }
        return List.copyOf(addresses);
    }

    private static String address(String contact) {
        if (!contact.startsWith("mailto:")) {
            throw new Problem(400, "unsupportedContact", "Contacts are mailto: URLs, not " + contact);
        }
        if (!contact.matches("mailto:[^@,? ]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+")) {
            throw new Problem(400, "invalidContact", "A contact is one address without header fields: " + contact);
        }
        return contact;
    }

    private void requireExternalAccount(SignedRequest request, JsonNode binding) {
        if (settings.externalAccountKeys.isEmpty()) {
            return;
        }
        if (!binding.isObject()) {
            throw new Problem(403, "externalAccountRequired", "newAccount needs an externalAccountBinding");
        }
        FlattenedJws inner = FlattenedJws.parse(binding.toString());
        byte[] key = settings.externalAccountKeys.get(inner.required("kid"));
        if (key == null) {
            throw Problem.unauthorized("The external account is unknown");
        }
        inner.verifyMac(key);
        inner.requireHeader("alg", "kid", "url");
        if (!inner.required("url").equals(request.incoming().url())) {
            throw Problem.malformed("The binding must have the url of newAccount");
        }
        if (!isKey(Json.parse(inner.payload(), "The payload of the binding"), request.key())) {
            throw Problem.malformed("The binding is for another account key");
        }
    }

    private static boolean isKey(JsonNode json, JWK key) {
        try {
            JWK other = JWK.parse(json.toString());
            return !other.isPrivate() && Registry.thumbprint(other).equals(Registry.thumbprint(key));
        } catch (ParseException e) {
            return false;
        }
    }
}
