package org.wucme.challenges.tlsalpn;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.internal.server.Protocol;
import org.wucme.challenges.internal.server.SelectorServer;
import org.wucme.challenges.internal.server.TlsProtocol;
import org.wucme.challenges.internal.server.Transport;

/**
 * A TLS server of its own for tls-alpn-01 challenges (RFC 8737, RFC 8738), where no other server has port 443. It
 * completes the handshakes of CAs, refuses all others, and closes each connection without a word.
 *
 * <p>It stays up, or it listens only while a challenge is presented by it. Thread-safe. {@link #close} stops it, whatever
 * is still presented.
 *
 * <p>Slow clients occupy no thread, and share the connections by address; see {@link ConnectionLimits}.
 */
public final class TlsAlpn01Server implements ChallengeSolver, AutoCloseable {

    /** The port that CAs ask. */
    public static final int DEFAULT_PORT = 443;

    private static final String OTHER_WAYS = "have a server on that port forward TLS connections for acme-tls/1 to"
            + " another port that is given here, or use http-01";

    private final InetSocketAddress address;
    private final TlsAlpn01Responder responder;
    private final Listener listener;

    private TlsAlpn01Server(InetSocketAddress address, TlsAlpn01Responder responder, Listener listener) {
        this.address = address;
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
        return open(address, responder, ConnectionLimits.defaults());
    }

    /**
     * A server that listens from now on, with limits of its own.
     *
     * @throws ListenException if it cannot listen there
     */
    public static TlsAlpn01Server open(InetSocketAddress address, TlsAlpn01Responder responder, ConnectionLimits limits)
            throws IOException {
        return new TlsAlpn01Server(address, responder, Listener.open(() -> bind(address, responder, limits)));
    }

    /** A server that listens only while a challenge is presented; {@link #check} tells whether it can. */
    public static TlsAlpn01Server whileNeeded(InetSocketAddress address) {
        return whileNeeded(address, new TlsAlpn01Responder());
    }

    /** A server that listens while a challenge is presented by it, and answers what a responder knows. */
    public static TlsAlpn01Server whileNeeded(InetSocketAddress address, TlsAlpn01Responder responder) {
        return whileNeeded(address, responder, ConnectionLimits.defaults());
    }

    /** A server that listens while a challenge is presented by it, with limits of its own. */
    public static TlsAlpn01Server whileNeeded(
            InetSocketAddress address, TlsAlpn01Responder responder, ConnectionLimits limits) {
        return new TlsAlpn01Server(address, responder, Listener.whileNeeded(() -> bind(address, responder, limits)));
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
    public void check(List<Identifier> identifiers) throws ListenException {
        try {
            listener.check(address);
        } catch (IOException e) {
            throw ListenException.of(address, OTHER_WAYS, e);
        }
    }

    @Override
    public String settings() {
        return TlsAlpn01.TYPE + " at " + address.getHostString() + " port " + address.getPort();
    }

    /**
     * {@inheritDoc}
     *
     * @throws ListenException if it cannot listen
     * @throws IllegalStateException if it is closed
     */
    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return listener.present(() -> responder.present(challenge, identifier, account));
    }

    /**
     * Presents by the responder, and puts the answer into the context's store: another process may be the one that the CA
     * reaches.
     *
     * @throws ListenException if it cannot listen
     * @throws IllegalStateException if it is closed
     */
    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return listener.present(() -> responder.present(task, context));
    }

    /** Stops listening at once. The responder is left as it is. */
    @Override
    public void close() {
        listener.close();
    }

    static Listener.Bound bind(InetSocketAddress address, TlsAlpn01Responder responder, Duration limit)
            throws IOException {
        return bind(address, responder, ConnectionLimits.defaults().withRequest(limit));
    }

    private static Listener.Bound bind(InetSocketAddress address, TlsAlpn01Responder responder, ConnectionLimits limits)
            throws ListenException {
        SSLContext here = Tls.server(TlsAlpn01KeyManager.here(responder));
        try {
            return SelectorServer.open(
                    TlsAlpn01.TYPE,
                    address,
                    limits,
                    TlsProtocol.below(
                            tls -> new Answered(tls),
                            () -> engine(here),
                            (serverName, then) -> responder
                                    .ask(serverName)
                                    .thenAccept(alias -> then.accept(engines(responder, alias, here)))));
        } catch (IOException e) {
            throw ListenException.of(address, OTHER_WAYS, e);
        }
    }

    private static Supplier<SSLEngine> engines(TlsAlpn01Responder responder, Optional<String> alias, SSLContext here) {
        SSLContext context = alias.map(found -> Tls.server(TlsAlpn01KeyManager.of(responder, found)))
                .orElse(here);
        return () -> engine(context);
    }

    private static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setApplicationProtocols(new String[] {TlsAlpn01.PROTOCOL});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Closes each connection as soon as the handshake is done: the certificate is the answer. */
    private record Answered(Transport tls) implements Protocol {

        @Override
        public void opened() {
            tls.finish();
        }

        @Override
        public void received(ByteBuffer bytes) {
            throw new IllegalStateException("finished before anything can be received");
        }
    }
}
