package org.wucme.examples.servers;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Two clients that request without a pause: one keeps its connection, the other connects anew each time. */
final class Traffic implements AutoCloseable {

    private final X509Certificate root;
    private final int port;
    private final BlockingQueue<X509Certificate> changes = new LinkedBlockingQueue<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(2);
    private final Future<Integer> keeping;
    private final Future<Integer> connecting;
    private volatile boolean isOver;

    Traffic(X509Certificate root, int port) {
        this.root = root;
        this.port = port;
        this.keeping = clients.submit(this::keepConnection);
        this.connecting = clients.submit(this::connectAnew);
    }

    /** The next certificate that new connections get and did not get before. */
    X509Certificate awaitChange() throws InterruptedException, ExecutionException {
        X509Certificate next = changes.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("new connections got no other certificate after " + end() + " requests");
        }
        return next;
    }

    /**
     * Ends the traffic.
     *
     * @return how many requests there were
     * @throws ExecutionException if one failed
     */
    int end() throws InterruptedException, ExecutionException {
        isOver = true;
        return keeping.get() + connecting.get();
    }

    @Override
    public void close() {
        isOver = true;
        clients.shutdownNow();
    }

    private int keepConnection() throws IOException {
        int requests = 0;
        try (Visitor visitor = new Visitor(root, port)) {
            for (; !isOver; requests++) {
                visitor.visit();
            }
        }
        return requests;
    }

    private int connectAnew() throws IOException {
        int requests = 0;
        X509Certificate last = null;
        for (; !isOver; requests++) {
            try (Visitor visitor = new Visitor(root, port)) {
                X509Certificate certificate = visitor.visit();
                if (!certificate.equals(last)) {
                    changes.add(certificate);
                }
                last = certificate;
            }
        }
        return requests;
    }
}
