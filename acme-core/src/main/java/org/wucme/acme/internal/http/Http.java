package org.wucme.acme.internal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAccumulator;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Connection;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.ClockDifference;
import org.wucme.acme.Sleeper;
import org.wucme.acme.internal.jca.Tls;

/**
 * Sends one request and reads one reply, with nothing in between that RFC 8555 forbids: https only, no redirects, no silent
 * repetition of a signed body, no reply larger than it can rightly be. Interruptible. Thread-safe.
 */
final class Http implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Http.class);
    private static final long MAX_BODY_BYTES = 1 << 20;
    private static final String RETRY_AFTER = "Retry-After";
    private static final String HIDDEN_RETRY_AFTER = "Wucme-Retry-After";

    private final OkHttpClient client;
    private final boolean ownsConnections;
    private final int maxInFlight;
    private final Clock clock;
    private final Sleeper time;
    private final LongAccumulator shortestNanos = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private volatile @Nullable ClockDifference clockDifference;
    private volatile boolean closed;

    /**
     * An exchange over the given client, which stays the caller's, or over one of its own.
     *
     * @param timeout longest time of one exchange, from the first byte sent to the last one read
     * @param roots certificates to trust beside those that the platform trusts
     */
    Http(
            @Nullable OkHttpClient given,
            Collection<X509Certificate> roots,
            Duration timeout,
            int maxInFlight,
            Clock clock,
            Sleeper time) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(maxInFlight);
        dispatcher.setMaxRequestsPerHost(maxInFlight);
        OkHttpClient.Builder builder = (given == null ? new OkHttpClient.Builder() : given.newBuilder())
                .dispatcher(dispatcher)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .addNetworkInterceptor(this::connected)
                .addNetworkInterceptor(Http::withRetryAfterHidden)
                .readTimeout(timeout)
                .callTimeout(timeout);
        // OkHttp's own choice would follow the order of the security providers; that of the caller's client is the
        // caller's.
        if (given == null || !roots.isEmpty()) {
            X509TrustManager trust = Tls.trust(roots);
            builder.sslSocketFactory(Tls.client(trust).getSocketFactory(), trust);
        }
        this.client = ServerNames.apply(builder.build());
        this.ownsConnections = given == null;
        this.maxInFlight = maxInFlight;
        this.clock = clock;
        this.time = time;
    }

    /** The roots that are trusted for the CA's own server: the platform's, and those that were given. */
    List<X509Certificate> trustedRoots() {
        X509TrustManager trust = client.x509TrustManager();
        return trust == null ? List.of() : List.of(trust.getAcceptedIssuers());
    }

    /**
     * Sends and waits.
     *
     * @throws AcmeConnectionException if there is no whole reply
     * @throws InterruptedIOException if the thread is interrupted; the request is cancelled, the flag stays set
     */
    HttpReply send(Request request, String url) throws IOException {
        return join(sendAsync(request, url));
    }

    /** The shortest time in which a request was ever answered; zero as long as none was. */
    long roundTripNanos() {
        long shortest = shortestNanos.get();
        return shortest == Long.MAX_VALUE ? 0 : shortest;
    }

    private Response connected(Interceptor.Chain chain) throws IOException {
        letOthersFollow();
        Connection connection = chain.connection();
        if (connection != null) {
            // By Nagle's algorithm the second of a POST's two writes (HTTP/2) would wait for the CA to acknowledge
            // the first.
            connection.socket().setTcpNoDelay(true);
        }
        long sent = time.nanoTime();
        Response response = chain.proceed(chain.request());
        shortestNanos.accumulate(time.nanoTime() - sent);
        return response;
    }

    // Each request that finds no connection would open its own, and all but one would be thrown away once it turns out
    // that the CA speaks HTTP/2. So the first goes ahead, and the others wait until it is connected, or has failed.
    private void letOneGoAhead() {
        if (client.connectionPool().connectionCount() == 0) {
            client.dispatcher().setMaxRequestsPerHost(1);
            if (client.connectionPool().connectionCount() > 0) {
                letOthersFollow();
            }
        }
    }

    private void letOthersFollow() {
        client.dispatcher().setMaxRequestsPerHost(maxInFlight);
    }

    // OkHttp itself reads the Retry-After of a 503, and breaks when the number is too large for an int.
    private static Response withRetryAfterHidden(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String retryAfter = response.header(RETRY_AFTER);
        return retryAfter == null
                ? response
                : response.newBuilder()
                        .removeHeader(RETRY_AFTER)
                        .header(HIDDEN_RETRY_AFTER, retryAfter)
                        .build();
    }

    private static Headers withRetryAfterShown(Headers headers) {
        String retryAfter = headers.get(HIDDEN_RETRY_AFTER);
        return retryAfter == null
                ? headers
                : headers.newBuilder().add(RETRY_AFTER, retryAfter).build();
    }

    /** Waits for a reply; cancelling the future cancels the request. */
    static HttpReply join(CompletableFuture<HttpReply> reply) throws IOException {
        try {
            return reply.get();
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the CA");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AcmeConnectionException failure) {
                throw new AcmeConnectionException(
                        messageOf(failure),
                        failure,
                        failure.isRetryable(),
                        failure.host().orElse(null),
                        failure.proxy().orElse(null));
            }
            if (e.getCause() instanceof AcmeProtocolException failure) {
                throw new AcmeProtocolException(messageOf(failure), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static String messageOf(IOException failure) {
        return String.valueOf(failure.getMessage());
    }

    /** Sends; the future fails with {@link AcmeConnectionException} or {@link AcmeProtocolException}. */
    CompletableFuture<HttpReply> sendAsync(Request request, String url) {
        Call call = client.newCall(request);
        PendingReply reply = new PendingReply(call);
        letOneGoAhead();
        call.enqueue(new Callback() {
            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    reply.complete(read(url, response));
                } catch (IOException e) {
                    reply.completeExceptionally(failure(url, e));
                } catch (RuntimeException e) {
                    // A clock or a log of the caller's: whoever waits for the reply must hear of it.
                    reply.completeExceptionally(e);
                }
            }

            @Override
            public void onFailure(Call failed, IOException e) {
                letOthersFollow();
                reply.completeExceptionally(failure(url, e));
            }
        });
        return reply;
    }

    private HttpReply read(String url, Response response) throws IOException {
        BufferedSource source = response.body().source();
        if (source.request(MAX_BODY_BYTES + 1)) {
            throw new AcmeProtocolException("the reply from " + url + " is larger than " + MAX_BODY_BYTES + " bytes");
        }
        ByteString body = source.readByteString();
        LOG.debug(
                "{} {} -> {} ({} bytes, {})",
                response.request().method(),
                url,
                response.code(),
                body.size(),
                response.protocol());
        HttpReply reply =
                new HttpReply(url, response.code(), withRetryAfterShown(response.headers()), body, clock.instant());
        ClockDifference difference = reply.clockDifference();
        if (difference != null) {
            clockDifference = difference;
        }
        return reply;
    }

    /** This machine's clock and the CA's when it answered last; null if that is not known. */
    @Nullable
    ClockDifference clockDifference() {
        return clockDifference;
    }

    private IOException failure(String url, IOException e) {
        if (e instanceof AcmeProtocolException) {
            return e;
        }
        if (closed) {
            return new AcmeConnectionException("the client was closed before " + url + " had answered", e, false);
        }
        Optional<String> distrust = Distrust.reason(e);
        if (distrust.isPresent()) {
            return new AcmeConnectionException(
                    "the TLS certificate of " + url + " is not trusted: " + distrust.get(), e, false);
        }
        HttpUrl target = HttpUrl.get(url);
        String host = target.host();
        String proxy = proxyTo(target);
        String way = proxy == null ? "" : "; the way there is by the proxy " + proxy;
        return new AcmeConnectionException(
                "the connection to " + url + " failed: " + reason(e, host, proxy) + way, e, true, host, proxy);
    }

    // What the network library says of a name that cannot be looked up depends on the system and its language.
    private static String reason(IOException e, String host, @Nullable String proxy) {
        if (e instanceof UnknownHostException) {
            return "the DNS, as this machine asks it, does not know the host "
                    + (proxy == null ? "" : "of the proxy for ") + host;
        }
        if (e instanceof InterruptedIOException) {
            return "no complete answer in time";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private @Nullable String proxyTo(HttpUrl target) {
        Proxy fixed = client.proxy();
        List<Proxy> way = fixed == null ? client.proxySelector().select(target.uri()) : List.of(fixed);
        return way.stream()
                .map(Proxy::address)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .map(address -> address.getHostString() + ":" + address.getPort())
                .findFirst()
                .orElse(null);
    }

    private static final class PendingReply extends CompletableFuture<HttpReply> {
        private final Call call;

        PendingReply(Call call) {
            this.call = call;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            call.cancel();
            return super.cancel(mayInterruptIfRunning);
        }
    }

    @Override
    public void close() {
        closed = true;
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        if (ownsConnections) {
            // A live HTTP/2 connection has a thread in a native call, which would delay the exit of the JVM by 300 ms.
            client.connectionPool().evictAll();
        }
    }
}
