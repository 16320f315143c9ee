package org.wucme.challenges.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.internal.Workers;

/**
 * An HTTP server of its own for http-01 challenges (RFC 8555 section 8.3), where no other server has port 80.
 *
 * <p>It stays up, or it listens only while a challenge is presented by it. Thread-safe. {@link #close} stops it, whatever
 * is still presented. Behind a server that forwards to it, it goes by the host that {@code X-Forwarded-Host} tells.
 */
public final class Http01Server implements ChallengeSolver, AutoCloseable {

    /** The port that CAs ask. */
    public static final int DEFAULT_PORT = 80;

    private static final Logger LOG = LoggerFactory.getLogger(Http01Server.class);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final int BACKLOG = 256;
    private static final HttpAnswer NOT_FOUND = new HttpAnswer(404, "text/plain", "Not found.");
    private static final HttpAnswer METHOD_NOT_ALLOWED = new HttpAnswer(405, "text/plain", "Only GET and HEAD.");
    private static final String OTHER_WAYS =
            "have a server on that port forward /.well-known/acme-challenge/ to another"
                    + " port that is given here, or write into the folder of a web server";

    private final Http01Responder responder;
    private final Listener listener;

    private Http01Server(Http01Responder responder, Listener listener) {
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
        return new Http01Server(responder, Listener.open(() -> bind(address, responder, REQUEST_LIMIT)));
    }

    /** A server that listens only while a challenge is presented; whether it can is found out when it must. */
    public static Http01Server whileNeeded(InetSocketAddress address) {
        return whileNeeded(address, new Http01Responder());
    }

    /** A server that listens while a challenge is presented by it, and answers what a responder knows. */
    public static Http01Server whileNeeded(InetSocketAddress address, Http01Responder responder) {
        return new Http01Server(responder, Listener.whileNeeded(() -> bind(address, responder, REQUEST_LIMIT)));
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

    static Listener.Bound bind(InetSocketAddress address, Http01Responder responder, Duration limit)
            throws ListenException {
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            Workers workers = new Workers("http-01", limit);
            // The server reads and writes interruptible channels: an interrupt ends a request that takes too long.
            server.setExecutor(workers.interrupting());
            server.createContext("/", exchange -> handle(exchange, responder));
            server.start();
            LOG.info("listening on port {} for http-01", server.getAddress().getPort());
            return new BoundServer(server, workers);
        } catch (IOException e) {
            throw ListenException.of(address, OTHER_WAYS, e);
        }
    }

    private static void handle(HttpExchange exchange, Http01Responder responder) throws IOException {
        try (exchange) {
            HttpAnswer answer = answer(exchange, responder);
            byte[] body = answer.bytes();
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.contentType());
            headers.set("Connection", "close");
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static HttpAnswer answer(HttpExchange exchange, Http01Responder responder) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return METHOD_NOT_ALLOWED;
        }
        URI target = exchange.getRequestURI();
        String path = Objects.requireNonNullElse(target.getRawPath(), "");
        return responder
                .answer(host(target, exchange.getRequestHeaders()), path)
                .orElse(NOT_FOUND);
    }

    // Whoever lies about it is given nothing that he could not have asked for by that very host.
    private static @Nullable String host(URI target, Headers headers) {
        String forwarded = headers.getFirst("X-Forwarded-Host");
        if (forwarded != null) {
            // The one that the CA asked stands first, before those of proxies in between.
            return forwarded.split(",", 2)[0];
        }
        // The host of an absolute target counts, not the header (RFC 9112 section 3.2.2).
        return target.isAbsolute() ? target.getRawAuthority() : headers.getFirst("Host");
    }

    private record BoundServer(HttpServer server, Workers workers) implements Listener.Bound {

        @Override
        public int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            LOG.info("no longer listening on port {} for http-01", port());
            server.stop(0);
            workers.close();
        }
    }
}
