package org.wucme.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a {@link Pebble} behaves. Immutable: each method gives a copy with one thing changed. Unless changed, 15 % of
 * good nonces are refused, no authorization is reused, there is no Retry-After, one profile named {@code default} (90
 * days), and one chain of root, one intermediate, and leaf.
 */
public final class PebbleOptions {

    private final Map<String, String> environment;
    private final Map<String, Object> settings;

    private PebbleOptions(Map<String, String> environment, Map<String, Object> settings) {
        this.environment = environment;
        this.settings = settings;
    }

    static PebbleOptions defaults() {
        return new PebbleOptions(Map.of("PEBBLE_VA_NOSLEEP", "1"), Map.of("keyAlgorithm", "ecdsa"))
                .nonceReject(15)
                .authzReuse(0)
                .profiles(Map.of("default", Duration.ofDays(90)));
    }

    /** Refuses this share of good nonces with badNonce, in percent, 0 to 99. */
    public PebbleOptions nonceReject(int percent) {
        return withVariable("PEBBLE_WFE_NONCEREJECT", percent);
    }

    /** Puts a valid authorization that the account has into a new order with this probability, in percent. */
    public PebbleOptions authzReuse(int percent) {
        return withVariable("PEBBLE_AUTHZREUSE", percent);
    }

    /** Offers this number of chains to other roots beside the first, as {@code Link: rel="alternate"}. */
    public PebbleOptions alternateRoots(int count) {
        return withVariable("PEBBLE_ALTERNATE_ROOTS", count);
    }

    /** Puts this number of intermediates between the root and the leaf. */
    public PebbleOptions chainLength(int intermediates) {
        return withVariable("PEBBLE_CHAIN_LENGTH", intermediates);
    }

    /** Validates http-01 at this port of 127.0.0.1, in place of a free one. */
    public PebbleOptions httpPort(int port) {
        return withSetting("httpPort", port);
    }

    /** Validates tls-alpn-01 at this port of 127.0.0.1, in place of a free one. */
    public PebbleOptions tlsPort(int port) {
        return withSetting("tlsPort", port);
    }

    /** Sends Retry-After, in whole seconds or as a date by chance, while an authorization or an order is unfinished. */
    public PebbleOptions retryAfter(Duration authorization, Duration order) {
        return withSetting("retryAfter", Map.of("authz", authorization.toSeconds(), "order", order.toSeconds()));
    }

    /**
     * Offers these profiles, each with the lifetime of its certificates, and no others. With several, Pebble takes one
     * by chance for an order that names none.
     */
    public PebbleOptions profiles(Map<String, Duration> lifetimes) {
        return withSetting(
                "profiles",
                lifetimes.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                profile -> Map.of(
                                        "description", profile.getKey(),
                                        "validityPeriod", profile.getValue().toSeconds()))));
    }

    /** Puts this number of orders into each page of an account's list of orders, in place of 3. */
    public PebbleOptions ordersPerPage(int count) {
        return withVariable("PEBBLE_WFE_ORDERS_PER_PAGE", count);
    }

    /** Requires an external account binding with one of these MAC keys: base64url by key identifier. */
    public PebbleOptions requireExternalAccountBinding(Map<String, String> keys) {
        return withSetting("externalAccountBindingRequired", true)
                .withSetting("externalAccountMACKeys", Map.copyOf(keys));
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The members of Pebble's configuration that these options decide. */
    Map<String, Object> settings() {
        return settings;
    }

    private PebbleOptions withVariable(String name, int value) {
        return new PebbleOptions(with(environment, name, String.valueOf(value)), settings);
    }

    private PebbleOptions withSetting(String name, Object value) {
        return new PebbleOptions(environment, with(settings, name, value));
    }

    private static <V> Map<String, V> with(Map<String, V> map, String name, V value) {
        Map<String, V> copy = new HashMap<>(map);
        copy.put(name, value);
        return Map.copyOf(copy);
    }
}
