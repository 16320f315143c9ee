package org.wucme.challenges.tlsalpn;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.internal.Workers;

/**
 * A TLS server of its own for tls-alpn-01 challenges (RFC 8737, RFC 8738), where no other server has port 443. It
 * completes the handshakes of CAs, refuses all others, and closes each connection without a word.
 *
 * <p>It stays up, or it listens only while a challenge is presented by it. Thread-safe. {@link #close} stops it, whatever
 * is still presented.
 */
public final class TlsAlpn01Server implements ChallengeSolver, AutoCloseable {

    /** The port that CAs ask. */
    public static final int DEFAULT_PORT = 443;

    private static final Logger LOG = LoggerFactory.getLogger(TlsAlpn01Server.class);
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);
    private static final int BACKLOG = 256;
    private static final String OTHER_WAYS = "have a server on that port forward TLS connections for acme-tls/1 to"
            + " another port that is given here, or use http-01";

    private final TlsAlpn01Responder responder;
    private final Listener listener;

    private TlsAlpn01Server(TlsAlpn01Responder responder, Listener listener) {
        this.responder = responder;
        this.listener = listener;
    }

    /**
     * A server that listens from now on, on all addresses or on one; port 0 lets the system choose.
     *
     * @throws ListenException if it cannot listen there
     */
    public static TlsAlpn01Server open(InetSocketAddress address) throws IOException {
        return open(address, new TlsAlpn01Responder());
    }

    /**
     * A server that listens from now on and answers what a responder knows, which others may share.
     *
     * @throws ListenException if it cannot listen there
     */
    public static TlsAlpn01Server open(InetSocketAddress address, TlsAlpn01Responder responder) throws IOException {
        return new TlsAlpn01Server(responder, Listener.open(() -> bind(address, responder, HANDSHAKE_LIMIT)));
    }

    /** A server that listens only while a challenge is presented; whether it can is found out when it must. */
    public static TlsAlpn01Server whileNeeded(InetSocketAddress address) {
        return whileNeeded(address, new TlsAlpn01Responder());
    }

    /** A server that listens while a challenge is presented by it, and answers what a responder knows. */
    public static TlsAlpn01Server whileNeeded(InetSocketAddress address, TlsAlpn01Responder responder) {
        return new TlsAlpn01Server(responder, Listener.whileNeeded(() -> bind(address, responder, HANDSHAKE_LIMIT)));
    }

    /**
     * The port on which it listens now.
     *
     * @throws IllegalStateException if it does not listen
     */
    public int port() {
        return listener.port();
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return responder.canSolve(challenge, identifier);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ListenException if it cannot listen
     * @throws IllegalStateException if it is closed
     */
    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return listener.present(responder, challenge, identifier, account);
    }

    /** Stops listening at once. The responder is left as it is. */
    @Override
    public void close() {
        listener.close();
    }

    static Listener.Bound bind(InetSocketAddress address, TlsAlpn01Responder responder, Duration limit)
            throws IOException {
        SSLSocketFactory tls = tlsFor(responder);
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw ListenException.of(address, OTHER_WAYS, e);
        }
        BoundServer server = new BoundServer(socket, tls, new Workers("tls-alpn-01", limit));
        server.start();
        LOG.info("listening on port {} for tls-alpn-01", server.port());
        return server;
    }

    private static SSLSocketFactory tlsFor(TlsAlpn01Responder responder) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // No client is asked for a certificate; null instead would read the system's trust store for nothing.
            TrustManager[] nobody = {};
            context.init(new KeyManager[] {new TlsAlpn01KeyManager(responder)}, nobody, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static final class BoundServer implements Listener.Bound {

        private final ServerSocket socket;
        private final SSLSocketFactory tls;
        private final Workers workers;
        private final Thread accepting = new Thread(this::acceptAll, "tls-alpn-01-accept");

        BoundServer(ServerSocket socket, SSLSocketFactory tls, Workers workers) {
            this.socket = socket;
            this.tls = tls;
            this.workers = workers;
        }

        void start() {
            accepting.setDaemon(true);
            accepting.start();
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            LOG.info("no longer listening on port {} for tls-alpn-01", port());
            closeQuietly(socket);
            workers.close();
            awaitEndOfAccepting();
        }

        /** The port is free only once the thread that waits in accept() has seen that the socket is closed. */
        private void awaitEndOfAccepting() {
            try {
                accepting.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void acceptAll() {
            while (!socket.isClosed()) {
                try {
                    serve(socket.accept());
                } catch (IOException | RuntimeException | Error e) {
                    pauseUnlessClosed(e);
                }
            }
        }

        /** Too many open files, say: accepting fails at once, again and again, until some are closed. */
        private void pauseUnlessClosed(Throwable cause) {
            if (socket.isClosed()) {
                return;
            }
            LOG.warn("cannot accept a tls-alpn-01 connection: {}", cause.getMessage());
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }

        /** The socket below TLS is the one to close when time is up: closing the other may wait for the client. */
        private void serve(Socket connection) {
            try {
                workers.execute(() -> shakeHands(connection), () -> closeQuietly(connection));
            } catch (RejectedExecutionException e) {
                closeQuietly(connection);
            }
        }

        private void shakeHands(Socket connection) {
            try (connection;
                    SSLSocket secure = (SSLSocket) tls.createSocket(connection, null, true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                parameters.setApplicationProtocols(new String[] {TlsAlpn01.PROTOCOL});
                secure.setSSLParameters(parameters);
                secure.setUseClientMode(false);
                secure.startHandshake();
                LOG.info("answered a tls-alpn-01 handshake");
            } catch (IOException e) {
                LOG.debug("a handshake on the tls-alpn-01 port came to nothing: {}", e.getMessage());
            }
        }

        private static void closeQuietly(Closeable socket) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a socket failed: {}", e.getMessage());
            }
        }
    }
}
