package org.wucme.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ServerSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockWebServer;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The HTTPS server on the loopback interface. */
final class Listener implements AutoCloseable {
    // Held, because a logger that nobody holds forgets its level.
    private final Logger serverLog = Logger.getLogger(MockWebServer.class.getName());
    private final HeldCertificate root = new HeldCertificate.Builder()
            .commonName("TestCa HTTPS root")
            .certificateAuthority(0)
            .duration(365, TimeUnit.DAYS)
            .build();
    private final MockWebServer server = new MockWebServer();

    Listener(boolean http1Only) {
        serverLog.setLevel(Level.WARNING);
        HeldCertificate certificate = new HeldCertificate.Builder()
                .commonName("localhost")
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1")
                .signedBy(root)
                .duration(364, TimeUnit.DAYS)
                .build();
        server.setServerSocketFactory(new NoDelayFactory());
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
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

    HeldCertificate root() {
        return root;
    }

    @Override
    public void close() {
        server.close();
    }

    /** Sockets without Nagle's delay, which costs 40 ms in each request over HTTP/1.1. */
    private static final class NoDelayFactory extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new NoDelayServerSocket();
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NoDelayServerSocket extends ServerSocket {
        NoDelayServerSocket() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            return socket;
        }
    }
}
