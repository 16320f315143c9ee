package org.wucme.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes up what is posted to it, and says yes to everything. */
final class WebhookSink implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final HttpServer server;
    private final BlockingQueue<String> posts = new LinkedBlockingQueue<>();

    private WebhookSink(HttpServer server) {
        this.server = server;
    }

    static WebhookSink open() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        WebhookSink sink = new WebhookSink(server);
        server.createContext("/", sink::take);
        server.start();
        return sink;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Waits for a post with both texts in it; those before it are forgotten. */
    void await(String event, String text) throws InterruptedException {
        List<String> others = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String post = posts.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (post == null) {
                throw new AssertionError("nothing of \"" + event + "\" was posted, but " + others);
            }
            if (post.contains('"' + event + '"') && post.contains(text)) {
                return;
            }
            others.add(post);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
