package org.wucme.examples.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;

/** A client that trusts one root, keeps its connection as long as the server does, and tries nothing again. */
final class Visitor implements AutoCloseable {

    private final AtomicInteger connections = new AtomicInteger();
    private final OkHttpClient http;
    private final Request request;

    /** With no TLS session that could be resumed, since a resumed session keeps its certificate. */
    Visitor(X509Certificate root, int port) {
        HandshakeCertificates trust =
                new HandshakeCertificates.Builder().addTrustedCertificate(root).build();
        http = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                .connectionPool(new ConnectionPool())
                .retryOnConnectionFailure(false)
                .callTimeout(Duration.ofSeconds(10))
                .eventListener(new EventListener() {
                    @Override
                    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                        connections.incrementAndGet();
                    }
                })
                .build();
        request = new Request.Builder()
                .url("https://" + Scene.NAME + ":" + port + "/")
                // For the applications that ask for a login.
                .header("Authorization", Credentials.basic("visitor", "secret"))
                .build();
    }

    /** Gets the greeting, and gives the certificate of the connection that it came over. */
    X509Certificate visit() throws IOException {
        try (Response response = http.newCall(request).execute()) {
            String body = response.body().string();
            if (response.code() != 200 || !body.equals("Hello.\n")) {
                throw new IOException("the server answers " + response.code() + ": " + body);
            }
            return (X509Certificate) Objects.requireNonNull(response.handshake())
                    .peerCertificates()
                    .get(0);
        }
    }

    /** How many connections it made. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
