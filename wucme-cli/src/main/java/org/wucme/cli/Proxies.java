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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The proxy that {@code --proxy} or the variable {@code https_proxy} names, but for the hosts in {@code no_proxy}. */
final class Proxies extends ProxySelector {

    private static final int DEFAULT_PORT = 8080;

    private final Proxy proxy;
    private final @Nullable String credentials;
    private final List<String> exceptions;

    private Proxies(Proxy proxy, @Nullable String credentials, List<String> exceptions) {
        this.proxy = proxy;
        this.credentials = credentials;
        this.exceptions = exceptions;
    }

    /**
     * The proxies to use; empty if there are none.
     *
     * @throws IllegalArgumentException if what names the proxy is no URL of one
     */
    static Optional<Proxies> of(@Nullable String option, Map<String, String> environment) {
        return Stream.of(option, environment.get("https_proxy"), environment.get("HTTPS_PROXY"))
                .filter(url -> url != null && !url.isBlank())
                .findFirst()
                .map(url -> of(url, exceptions(environment)));
    }

    private static Proxies of(String url, List<String> exceptions) {
        URI uri = parse(url.contains("://") ? url : "http://" + url);
        String user = uri.getRawUserInfo();
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        // Resolved at each connection, by the network library.
        InetSocketAddress address = InetSocketAddress.createUnresolved(uri.getHost(), port);
        return new Proxies(new Proxy(Proxy.Type.HTTP, address), user == null ? null : credentials(user), exceptions);
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

    /** A client whose requests go through these proxies. */
    OkHttpClient client() {
        OkHttpClient.Builder builder = new OkHttpClient.Builder().proxySelector(this);
        String secret = credentials;
        if (secret != null) {
            builder.proxyAuthenticator((route, response) -> response.request().header("Proxy-Authorization") != null
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", secret)
                            .build());
        }
        return builder.build();
    }

    /** Without user and password. */
    @Override
    public String toString() {
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        return "the proxy " + address.getHostString() + ":" + address.getPort();
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        boolean direct = exceptions.stream()
                .anyMatch(
                        exception -> exception.equals("*") || host.equals(exception) || host.endsWith("." + exception));
        return List.of(direct ? Proxy.NO_PROXY : proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no second proxy to turn to; the failure itself is reported.
    }
}
