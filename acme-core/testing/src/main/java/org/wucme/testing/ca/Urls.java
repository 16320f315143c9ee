package org.wucme.testing.ca;

/** Where each resource of the CA lives. */
record Urls(String base) {
    String directory() {
        return base + "/directory";
    }

    String newNonce() {
        return base + "/new-nonce";
    }

    String newAccount() {
        return base + "/new-account";
    }

    String keyChange() {
        return base + "/key-change";
    }

    String newOrder() {
        return base + "/new-order";
    }

    String newAuthorization() {
        return base + "/new-authorization";
    }

    String revokeCert() {
        return base + "/revoke-cert";
    }

    String renewalInfo() {
        return base + "/renewal-info";
    }

    String account(String id) {
        return base + "/account/" + id;
    }

    String orders(String accountId) {
        return account(accountId) + "/orders";
    }

    String order(String id) {
        return base + "/order/" + id;
    }

    String finalizeOrder(String orderId) {
        return order(orderId) + "/finalize";
    }

    /** What the hashed URIs of accounts begin with (draft-ietf-acme-dns-persist-02). */
    String accountHashPrefix() {
        return base + "/account-hash/";
    }

    String authorization(String id) {
        return base + "/authorization/" + id;
    }

    String challenge(String id) {
        return base + "/challenge/" + id;
    }

    String star(String orderId) {
        return base + "/star-certificate/" + orderId;
    }

    String certificate(String id) {
        return base + "/certificate/" + id;
    }

    String certificate(String id, int chain) {
        return chain == 0 ? certificate(id) : certificate(id) + "/" + chain;
    }
}
