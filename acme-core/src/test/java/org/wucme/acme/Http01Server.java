package org.wucme.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;

/** Answers http-01 for real, on a loopback address. */
final class Http01Server implements ChallengeSolver, AutoCloseable {

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(Http01Server::daemon);
    private final HttpServer server;

    private Http01Server(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 128);
        server.setExecutor(threads);
        server.createContext(Http01.PATH_PREFIX, this::answer);
        server.start();
    }

    /** Listens at a port of 127.0.0.1, or at any free one if it is 0. */
    static Http01Server start(int port) throws IOException {
        return start(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }

    /** Listens at an address and port. */
    static Http01Server start(InetSocketAddress address) throws IOException {
        return new Http01Server(address);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The answers that can be seen at present. */
    Map<String, String> answers() {
        return Map.copyOf(answers);
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge instanceof Http01;
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
        Http01 http01 = (Http01) challenge;
        String path = http01.path();
        answers.put(path, http01.keyAuthorization(account).value());
        return () -> answers.remove(path);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String answer = answers.get(exchange.getRequestURI().getRawPath());
        byte[] body = String.valueOf(answer).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "http-01 test server");
        thread.setDaemon(true);
        return thread;
    }
}
