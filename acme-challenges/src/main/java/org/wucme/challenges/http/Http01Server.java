package org.wucme.challenges.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.internal.server.HttpProtocol;
import org.wucme.challenges.internal.server.HttpRequest;
import org.wucme.challenges.internal.server.HttpResponse;
import org.wucme.challenges.internal.server.SelectorServer;

/**
 * An HTTP server of its own for http-01 challenges (RFC 8555 section 8.3), where no other server has port 80.
 *
 * <p>It stays up, or it listens only while a challenge is presented by it. Thread-safe. {@link #close} stops it, whatever
 * is still presented. Behind a server that forwards to it, it goes by the host that {@code X-Forwarded-Host} tells.
 *
 * <p>Slow clients occupy no thread, and share the connections by address; see {@link ConnectionLimits}.
 */
public final class Http01Server implements ChallengeSolver, AutoCloseable {

    /** The port that CAs ask. */
    public static final int DEFAULT_PORT = 80;

    private static final HttpAnswer NOT_FOUND = new HttpAnswer(404, "text/plain", "Not found.");
    private static final HttpResponse METHOD_NOT_ALLOWED =
            new HttpResponse(405, Map.of("Content-Type", "text/plain", "Allow", "GET, HEAD"), "Only GET and HEAD.");
    private static final String OTHER_WAYS =
            "have a server on that port forward /.well-known/acme-challenge/ to another"
                    + " port that is given here, or write into the folder of a web server";

    private final InetSocketAddress address;
    private final Http01Responder responder;
    private final Listener listener;

    private Http01Server(InetSocketAddress address, Http01Responder responder, Listener listener) {
        this.address = address;
        this.responder = responder;
        this.listener = listener;
    }

    /**
     * A server that listens from now on, on all addresses or on one; port 0 lets the system choose.
     *
     * @throws ListenException if it cannot listen there
     */
    public static Http01Server open(InetSocketAddress address) throws IOException {
        return open(address, new Http01Responder());
    }

    /**
     * A server that listens from now on and answers what a responder knows, which others may share.
     *
     * @throws ListenException if it cannot listen there
     */
    public static Http01Server open(InetSocketAddress address, Http01Responder responder) throws IOException {
        return open(address, responder, ConnectionLimits.defaults());
    }

    /**
     * A server that listens from now on, with limits of its own.
     *
     * @throws ListenException if it cannot listen there
     */
    public static Http01Server open(InetSocketAddress address, Http01Responder responder, ConnectionLimits limits)
            throws IOException {
        return new Http01Server(address, responder, Listener.open(() -> bind(address, responder, limits)));
    }

    /** A server that listens only while a challenge is presented; {@link #check} tells whether it can. */
    public static Http01Server whileNeeded(InetSocketAddress address) {
        return whileNeeded(address, new Http01Responder());
    }

    /** A server that listens while a challenge is presented by it, and answers what a responder knows. */
    public static Http01Server whileNeeded(InetSocketAddress address, Http01Responder responder) {
        return whileNeeded(address, responder, ConnectionLimits.defaults());
    }

    /** A server that listens while a challenge is presented by it, with limits of its own. */
    public static Http01Server whileNeeded(
            InetSocketAddress address, Http01Responder responder, ConnectionLimits limits) {
        return new Http01Server(address, responder, Listener.whileNeeded(() -> bind(address, responder, limits)));
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
        return Http01.TYPE + " at " + address.getHostString() + " port " + address.getPort() + " "
                + responder.settings();
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

    static Listener.Bound bind(InetSocketAddress address, Http01Responder responder, Duration limit)
            throws ListenException {
        return bind(address, responder, ConnectionLimits.defaults().withRequest(limit));
    }

    private static Listener.Bound bind(InetSocketAddress address, Http01Responder responder, ConnectionLimits limits)
            throws ListenException {
        try {
            return SelectorServer.open(
                    Http01.TYPE,
                    address,
                    limits,
                    HttpProtocol.answering((request, reply) -> answer(request, responder, reply)));
        } catch (IOException e) {
            throw ListenException.of(address, OTHER_WAYS, e);
        }
    }

    private static void answer(HttpRequest request, Http01Responder responder, Consumer<HttpResponse> reply) {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            reply.accept(METHOD_NOT_ALLOWED);
            return;
        }
        responder
                .ask(host(request), request.path())
                .thenAccept(answer -> reply.accept(response(answer.orElse(NOT_FOUND))));
    }

    private static HttpResponse response(HttpAnswer answer) {
        return new HttpResponse(answer.status(), answer.headers(), answer.body());
    }

    // Whoever lies about it is given nothing that he could not have asked for by that very host.
    private static @Nullable String host(HttpRequest request) {
        String forwarded = request.field("X-Forwarded-Host");
        // The one that the CA asked stands first, before those of proxies in between.
        return forwarded == null ? request.authority() : forwarded.split(",", 2)[0];
    }
}
