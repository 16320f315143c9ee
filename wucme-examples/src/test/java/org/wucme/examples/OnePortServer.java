package org.wucme.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.wucme.challenges.tlsalpn.AcmeTlsProtocol;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;

/** The JDK's HTTPS server on one port of loopback: it greets everyone, and answers tls-alpn-01 challenges beside that. */
final class OnePortServer implements AutoCloseable {

    static final String GREETING = "Hello.\n";

    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final HttpsServer server;

    /**
     * Starts it.
     *
     * @param port 0 for any
     */
    OnePortServer(int port, X509ExtendedKeyManager current, TlsAlpn01Responder responder)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new TlsAlpn01KeyManager(responder, current)}, null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(workers);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = context.getDefaultSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                AcmeTlsProtocol.offer(parameters);
                connection.setSSLParameters(parameters);
            }
        });
        server.createContext("/", OnePortServer::greet);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void greet(HttpExchange exchange) throws IOException {
        byte[] greeting = GREETING.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, greeting.length);
        exchange.getResponseBody().write(greeting);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
