package org.wucme.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The HTTPS server on the loopback interface. */
final class Listener implements AutoCloseable {
    // Held, because a logger that nobody holds forgets its level.
    private final Logger serverLog = Logger.getLogger(MockWebServer.class.getName());
    private final HeldCertificate root;
    private final HandshakeCertificates tls;
    private final Connections connections = new Connections();
    private final MockWebServer server = new MockWebServer();

    Listener(boolean http1Only) {
        this(http1Only, newRoot());
    }

    private Listener(boolean http1Only, HeldCertificate root) {
        this(http1Only, root, newTls(root));
    }

    /** A listener with the certificate of another. */
    Listener(boolean http1Only, Listener other) {
        this(http1Only, other.root, other.tls);
    }

    private Listener(boolean http1Only, HeldCertificate root, HandshakeCertificates tls) {
        this.root = root;
        this.tls = tls;
        serverLog.setLevel(Level.WARNING);
        server.setServerSocketFactory(connections);
        server.useHttps(tls.sslSocketFactory());
        server.setProtocols(http1Only ? List.of(Protocol.HTTP_1_1) : List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    }

    private static HeldCertificate newRoot() {
        return new HeldCertificate.Builder()
                .commonName("TestCa HTTPS root")
                .certificateAuthority(0)
                .duration(365, TimeUnit.DAYS)
                .build();
    }

    private static HandshakeCertificates newTls(HeldCertificate root) {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .commonName("localhost")
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1")
                .addSubjectAlternativeName(TestCa.FAR_HOST)
                .signedBy(root)
                .duration(364, TimeUnit.DAYS)
                .build();
        return new HandshakeCertificates.Builder().heldCertificate(certificate).build();
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

    HeldCertificate root() {
        return root;
    }

    @Override
    public void close() {
        server.close();
    }
}
