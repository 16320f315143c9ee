package org.wucme.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that {@code --proxy} names, or else the variables {@code https_proxy} and {@code http_proxy}, each for URLs that
 * begin so; but not for the hosts in {@code no_proxy}, nor for this machine.
 */
final class Proxies extends ProxySelector {

    private static final int DEFAULT_PORT = 8080;
    private static final String AUTHORIZATION = "Proxy-Authorization";

    private final Map<String, Hop> hops;
    private final List<String> exceptions;

    /** A proxy, and what it is told if it asks who is there. */
    private record Hop(Proxy proxy, @Nullable String credentials) {}

    private Proxies(Map<String, Hop> hops, List<String> exceptions) {
        this.hops = Map.copyOf(hops);
        this.exceptions = exceptions;
    }

    /**
     * The proxies to use; empty if there are none.
     *
     * @throws IllegalArgumentException if what names the proxy is no URL of one
     */
    static Optional<Proxies> of(@Nullable String option, Map<String, String> environment) {
        Map<String, Hop> hops = new HashMap<>();
        // A web server gives its scripts an HTTP_PROXY that its clients choose.
        first(option, environment.get("http_proxy")).ifPresent(url -> hops.put("http", hop(url)));
        first(option, environment.get("https_proxy"), environment.get("HTTPS_PROXY"))
                .ifPresent(url -> hops.put("https", hop(url)));
        return hops.isEmpty() ? Optional.empty() : Optional.of(new Proxies(hops, exceptions(environment)));
    }

    private static Optional<String> first(@Nullable String... urls) {
        return Stream.of(urls).filter(url -> url != null && !url.isBlank()).findFirst();
    }

    private static Hop hop(String url) {
        URI uri = parse(url.contains("://") ? url : "http://" + url);
        String user = uri.getRawUserInfo();
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        // Resolved at each connection, by the network library.
        InetSocketAddress address = InetSocketAddress.createUnresolved(uri.getHost(), port);
        return new Hop(new Proxy(Proxy.Type.HTTP, address), user == null ? null : credentials(user));
    }

    private static URI parse(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The message of URI would show a password.
        }
        throw new IllegalArgumentException(
                "the proxy must be given as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT");
    }

    private static String credentials(String userInfo) {
        String[] parts = userInfo.split(":", 2);
        return Credentials.basic(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static List<String> exceptions(Map<String, String> environment) {
        String list = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return Arrays.stream(list.split("[,\\s]+"))
                .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                .filter(host -> !host.isEmpty())
                .toList();
    }

    /** Lets a client's requests go through these proxies. */
    OkHttpClient.Builder applyTo(OkHttpClient.Builder client) {
        return client.proxySelector(this)
                .proxyAuthenticator((route, response) -> authenticated(route, response.request()));
    }

    private @Nullable Request authenticated(@Nullable Route route, Request request) {
        String secret = hops.values().stream()
                .filter(hop -> route != null && hop.proxy().equals(route.proxy()))
                .map(Hop::credentials)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return secret == null || request.header(AUTHORIZATION) != null
                ? null
                : request.newBuilder().header(AUTHORIZATION, secret).build();
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        Hop hop = hops.get(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
        boolean direct = ThisMachine.isMeantBy(host)
                || exceptions.stream()
                        .anyMatch(exception ->
                                exception.equals("*") || host.equals(exception) || host.endsWith("." + exception));
        return List.of(direct || hop == null ? Proxy.NO_PROXY : hop.proxy());
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no second proxy to turn to; the failure itself is reported.
    }
}
