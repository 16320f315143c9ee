package org.wucme.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.internal.jose.JwsKey;

/** Answers every http-01 token of one account, so that neither contender has to serve anything. */
final class StatelessHttp01 implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String thumbprint;

    StatelessHttp01(int port, KeyPair accountKey) throws IOException {
        thumbprint = JwsKey.of(accountKey).thumbprint();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.setExecutor(threads);
        server.createContext(Http01.PATH_PREFIX, this::answer);
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestURI().getPath().substring(Http01.PATH_PREFIX.length());
        byte[] body = (token + "." + thumbprint).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
