package org.wucme.testing.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the CA knows. Its monitor guards the maps and the fields of every state object in them; it is held for
 * looking and noting only, never for I/O or cryptography.
 */
final class Registry {
    private final Urls urls;
    private final Map<String, AccountState> accounts = new LinkedHashMap<>();
    private final Map<String, OrderState> orders = new LinkedHashMap<>();
    private final Map<String, AuthorizationState> authorizations = new LinkedHashMap<>();
    private final Map<String, ChallengeState> challenges = new LinkedHashMap<>();
    private final Map<String, CertificateState> certificates = new LinkedHashMap<>();

    Registry(Urls urls) {
        this.urls = urls;
    }

    static String thumbprint(JWK key) {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    synchronized AccountState accountOfUrl(String url) {
        AccountState account = accounts.get(url.substring(url.lastIndexOf('/') + 1));
        if (account == null || !urls.account(account.id).equals(url)) {
            throw new Problem(400, "accountDoesNotExist", "There is no account " + url);
        }
        return account;
    }

    synchronized Optional<AccountState> accountOfKey(JWK key) {
        String thumbprint = thumbprint(key);
        return accounts.values().stream()
                .filter(account -> thumbprint(account.key).equals(thumbprint))
                .findFirst();
    }

    synchronized void removeAccount(String id) {
        accounts.remove(id);
    }

    synchronized AccountState account(String id) {
        return found(accounts.get(id), "account");
    }

    synchronized OrderState order(String id) {
        return found(orders.get(id), "order");
    }

    synchronized AuthorizationState authorization(String id) {
        return found(authorizations.get(id), "authorization");
    }

    synchronized ChallengeState challenge(String id) {
        return found(challenges.get(id), "challenge");
    }

    synchronized CertificateState certificate(String id) {
        return found(certificates.get(id), "certificate");
    }

    synchronized List<AccountState> accounts() {
        return List.copyOf(accounts.values());
    }

    synchronized List<OrderState> orders() {
        return List.copyOf(orders.values());
    }

    synchronized List<AuthorizationState> authorizations() {
        return List.copyOf(authorizations.values());
    }

    synchronized List<CertificateState> certificates() {
        return List.copyOf(certificates.values());
    }

    synchronized void add(AccountState account) {
        accounts.put(account.id, account);
    }

    synchronized void add(OrderState order) {
        orders.put(order.id, order);
    }

    synchronized void add(AuthorizationState authorization) {
        authorizations.put(authorization.id, authorization);
        authorization.challenges.forEach(challenge -> challenges.put(challenge.id, challenge));
    }

    synchronized void add(CertificateState certificate) {
        certificates.put(certificate.id, certificate);
    }

    private static <T> T found(@Nullable T resource, String what) {
        if (resource == null) {
            throw Problem.notFound("There is no such " + what);
        }
        return resource;
    }
}
