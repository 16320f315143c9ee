package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import io.netty.channel.Channel;
import io.undertow.Undertow;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.ServerCertificates;

/** What clients of real servers notice while a key of another certificate cannot be loaded. */
class SlowStoreTest {

    private static final String CACHED = "cached.example.org";
    private static final String SLOW = "slow.example.org";
    // So that a server with several event loops uses the one that is kept waiting, if it is.
    private static final int HANDSHAKES = 2 * Runtime.getRuntime().availableProcessors() + 2;

    private final HeldCertificate root =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService clients = Executors.newCachedThreadPool();

    /** How a server is started with a key manager. */
    private interface Starter {
        Started start(X509ExtendedKeyManager keys, Addresses at) throws Exception;
    }

    private record Started(int port, AutoCloseable server) {}

    static Stream<Named<Starter>> servers() {
        return Stream.of(
                Named.of("JDK", SlowStoreTest::startJdk),
                Named.of("Jetty", SlowStoreTest::startJetty),
                Named.of("Tomcat", SlowStoreTest::startTomcat),
                Named.of("Undertow", SlowStoreTest::startUndertow),
                Named.of("Netty", SlowStoreTest::startNetty),
                Named.of("Vert.x", SlowStoreTest::startVertx));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aCertificateInMemoryIsServedWhileTheLoadOfAnotherHangs(Starter starter) throws Exception {
        Store store = new Store(Map.of(CACHED, issue(CACHED), SLOW, issue(SLOW)));
        try (ServerCertificates certificates = ServerCertificates.builder(store)
                .keysInMemory(1)
                .loadDeadline(Duration.ofMinutes(1))
                .watchEvery(Duration.ofDays(1))
                .open()) {
            Started started = starter.start(certificates.keyManager(), Authority.loopback(0, 0));
            try (AutoCloseable server = started.server()) {
                assertThat(ask(started.port(), CACHED)).isEqualTo(CACHED);
                store.isSlow = true;
                Future<String> waiting = clients.submit(() -> ask(started.port(), SLOW));
                begun.await();

                for (int i = 0; i < HANDSHAKES; i++) {
                    assertThat(ask(started.port(), CACHED)).isEqualTo(CACHED);
                }
                assertThat(waiting).isNotDone();

                released.countDown();
                assertThat(waiting.get()).isEqualTo(SLOW);
            }
        }
    }

    @AfterEach
    void release() {
        released.countDown();
        clients.shutdownNow();
    }

    private StoredCertificate issue(String name) {
        HeldCertificate leaf = new HeldCertificate.Builder()
                .signedBy(root)
                .commonName(name)
                .addSubjectAlternativeName(name)
                .build();
        return new StoredCertificate(
                name, "memory", new CertificateChain(List.of(leaf.certificate())), leaf.keyPair(), null, null);
    }

    /** The name in the certificate that a client gets who asks for a name. */
    private String ask(int port, String name) throws IOException {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(root.certificate())
                .build();
        Socket plain = new Socket(Authority.loopback(0, port).tls().getAddress(), port);
        try (SSLSocket socket = (SSLSocket) trust.sslSocketFactory().createSocket(plain, "unused", port, true)) {
            socket.setSoTimeout(20_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName().replace("CN=", "");
        }
    }

    /** A store in memory. Reading one of its certificates hangs once it is slow. */
    private final class Store implements CertificateSource {

        private final Map<String, StoredCertificate> certificates;
        private volatile boolean isSlow;

        Store(Map<String, StoredCertificate> certificates) {
            this.certificates = certificates;
        }

        @Override
        public Map<String, String> versions() {
            return Map.of(CACHED, "1", SLOW, "1");
        }

        @Override
        public Optional<StoredCertificate> load(String name) throws IOException {
            if (isSlow && name.equals(SLOW)) {
                begun.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return Optional.ofNullable(certificates.get(name));
        }
    }

    private static Started startJdk(X509ExtendedKeyManager keys, Addresses at)
            throws IOException, GeneralSecurityException {
        HttpsServer server = JdkServer.create(keys, at.tls());
        server.start();
        return new Started(server.getAddress().getPort(), () -> {
            server.stop(0);
            ((ExecutorService) server.getExecutor()).shutdownNow();
        });
    }

    private static Started startJetty(X509ExtendedKeyManager keys, Addresses at) throws Exception {
        Server server = JettyServer.create(keys, new Http01Responder(), at);
        server.start();
        return new Started(((NetworkConnector) server.getConnectors()[1]).getLocalPort(), server::stop);
    }

    private static Started startTomcat(X509ExtendedKeyManager keys, Addresses at) throws Exception {
        Tomcat server = TomcatServer.create(keys, new Http01Responder(), at);
        server.start();
        return new Started(server.getService().findConnectors()[1].getLocalPort(), () -> {
            server.stop();
            server.destroy();
        });
    }

    private static Started startUndertow(X509ExtendedKeyManager keys, Addresses at) throws Exception {
        Undertow server = UndertowServer.create(Certificates.sslContext(keys), new Http01Responder(), at);
        server.start();
        InetSocketAddress tls =
                (InetSocketAddress) server.getListenerInfo().get(1).getAddress();
        return new Started(tls.getPort(), server::stop);
    }

    private static Started startNetty(X509ExtendedKeyManager keys, Addresses at) throws IOException {
        NettyServer server = new NettyServer(keys, new Http01Responder());
        Channel tls = server.listenTls(at.tls());
        return new Started(((InetSocketAddress) tls.localAddress()).getPort(), server);
    }

    private static Started startVertx(X509ExtendedKeyManager keys, Addresses at) {
        Vertx vertx = Vertx.vertx();
        HttpServer server = VertxServer.tls(vertx, keys)
                .listen(SocketAddress.inetSocketAddress(at.tls()))
                .await();
        return new Started(server.actualPort(), () -> vertx.close().await());
    }
}
