package org.wucme.examples.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.wucme.challenges.tlsalpn.AcmeTlsProtocol;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;

/** The JDK's HTTPS server; it proves its names by tls-alpn-01 on the port that it serves: {@code JdkServer NAME...} */
public final class JdkServer {

    private JdkServer() {}

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException, GeneralSecurityException {
        TlsAlpn01Responder tlsAlpn01 = new TlsAlpn01Responder();
        CertificateManager manager = Certificates.of(names).solvers(tlsAlpn01).build();
        HttpsServer server = create(new TlsAlpn01KeyManager(tlsAlpn01, manager.keyManager()), Addresses.STANDARD.tls());
        server.start();
        manager.start();
    }

    /** A server with the certificates of this key manager, to be started. */
    static HttpsServer create(X509ExtendedKeyManager keys, InetSocketAddress address)
            throws IOException, GeneralSecurityException {
        SSLContext context = Certificates.sslContext(keys);
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = context.getDefaultSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                AcmeTlsProtocol.offer(parameters);
                connection.setSSLParameters(parameters);
            }
        });
        // Without threads of its own, one client that is slow, or one key that must be loaded, delays all other
        // handshakes.
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", JdkServer::greet);
        return server;
    }

    private static void greet(HttpExchange exchange) throws IOException {
        byte[] greeting = "Hello.\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, greeting.length);
        exchange.getResponseBody().write(greeting);
        exchange.close();
    }
}
