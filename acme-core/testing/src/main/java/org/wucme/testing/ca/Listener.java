package org.wucme.testing.ca;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;

/** The HTTPS server on the loopback interface. */
final class Listener implements AutoCloseable {
    // Held, because a logger that nobody holds forgets its level.
    private final Logger serverLog = Logger.getLogger(MockWebServer.class.getName());
    private final ServerTls tls;
    private final X509TrustManager trust;
    private final Connections connections = new Connections();
    private final MockWebServer server = new MockWebServer();

    Listener(boolean http1Only) {
        this(http1Only, ServerTls.create());
    }

    /** A listener with the certificate of another. */
    Listener(boolean http1Only, Listener other) {
        this(http1Only, other.tls);
    }

    private Listener(boolean http1Only, ServerTls tls) {
        this.tls = tls;
        this.trust = Jdk.trust(tls.root());
        serverLog.setLevel(Level.WARNING);
        server.setServerSocketFactory(connections);
        server.useHttps(tls.sockets());
        server.setProtocols(http1Only ? List.of(Protocol.HTTP_1_1) : List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    }

    void start(int port) {
        try {
            server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (IOException e) {
            throw new UncheckedIOException("TestCa cannot listen on port " + port, e);
        }
    }

    void serve(Dispatcher dispatcher) {
        server.setDispatcher(dispatcher);
    }

    int port() {
        return server.getPort();
    }

    Connections connections() {
        return connections;
    }

    /** Trusts {@link #root}, and nothing else. */
    X509TrustManager trust() {
        return trust;
    }

    X509Certificate root() {
        return tls.root();
    }

    @Override
    public void close() {
        server.close();
    }
}
