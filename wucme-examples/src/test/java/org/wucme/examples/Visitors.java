package org.wucme.examples;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Clients that visit a {@link ServerProcess} all the time until they are closed, each time by a new connection and a full
 * handshake. They trust one root only, and mind the name and the dates.
 */
final class Visitors implements AutoCloseable {

    private static final int COUNT = 3;
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServerProcess server;
    private final int port;
    private final TrustManagerFactory trust;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<X509Certificate> seen = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private volatile boolean areToLeave;

    Visitors(ServerProcess server, int port, X509Certificate root) throws IOException, GeneralSecurityException {
        this.server = server;
        this.port = port;
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", root);
        trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
    }

    /** Lets them begin. */
    void start() {
        for (int i = 0; i < COUNT; i++) {
            Thread thread = new Thread(this::visitAgainAndAgain, "visitor " + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** The certificates that they were served. */
    Set<X509Certificate> seen() {
        return Set.copyOf(seen);
    }

    /** What went wrong, but for connections that were cut or refused while the server was down. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many visits went well. */
    int visits() {
        return visits.get();
    }

    /** How many visits were cut or refused while the server was down. */
    int cut() {
        return cut.get();
    }

    private void visitAgainAndAgain() {
        while (!areToLeave) {
            visitOnce();
            LockSupport.parkNanos(BETWEEN_VISITS.toNanos());
        }
    }

    private void visitOnce() {
        Instant newest = server.newest();
        long begin = System.nanoTime();
        try {
            X509Certificate served = visit();
            seen.add(served);
            visits.incrementAndGet();
            if (served.getNotBefore().toInstant().isBefore(newest)) {
                failures.add("served the certificate of " + served.getNotBefore() + " after that of " + newest);
            }
        } catch (IOException | GeneralSecurityException e) {
            if (server.wasDown(begin, System.nanoTime()) && !isAboutCertificate(e)) {
                cut.incrementAndGet();
            } else {
                failures.add(Instant.now() + " " + e);
            }
        }
    }

    private static boolean isAboutCertificate(Exception failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    /** The certificate that a new connection is served, after an answer over it. */
    X509Certificate visit() throws IOException, GeneralSecurityException {
        // A context of its own, so that no session is resumed.
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (Socket plain = new Socket()) {
            plain.setSoTimeout((int) PATIENCE.toMillis());
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, ManagedServer.NAME, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                requireAnswer(socket);
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static void requireAnswer(SSLSocket socket) throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: " + ManagedServer.NAME + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream input = socket.getInputStream();
        String answer = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
        if (!answer.startsWith("HTTP/1.1 200 ") || !answer.endsWith(OnePortServer.GREETING)) {
            throw new IOException("not the answer: " + answer);
        }
    }

    @Override
    public void close() throws InterruptedException {
        areToLeave = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
