package org.wucme.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.challenges.http.Http01Server;
import org.wucme.manage.CertificateManager;
import org.wucme.store.file.FileStore;

/**
 * The JDK's own HTTPS server with a certificate that is obtained, and renewed for as long as it runs. Run it on the host
 * that the names lead to, where ports 80 and 443 are free: {@code HttpsServerWithAcme NAME...}
 */
public final class HttpsServerWithAcme {

    private HttpsServerWithAcme() {}

    /** Serves the names on the command line, with a certificate of Let's Encrypt's staging service. */
    public static void main(String[] names) throws IOException {
        CertificateManager.Builder builder = CertificateManager.builder(FileStore.open(Path.of("certificates")))
                .ca(Ca.LETS_ENCRYPT_STAGING);
        CertificateManager manager = manage(builder, Http01Server.whileNeeded(new InetSocketAddress(80)), names);
        HttpsServer server = serve(manager.sslContext(), new InetSocketAddress(443));
        System.out.println("https://" + names[0] + ":" + server.getAddress().getPort());
    }

    /** Keeps a certificate for these names, from now on. */
    static CertificateManager manage(CertificateManager.Builder builder, ChallengeSolver solver, String... names)
            throws IOException {
        // README:begin
        CertificateManager manager = builder.solvers(solver)
                .manage(names)
                .contact("mailto:hostmaster@example.org")
                .agreeToTerms()
                .temporaryCertificate()
                .start();
        // README:end
        return manager;
    }

    /** A server that greets everyone, with the certificates of this context. */
    static HttpsServer serve(SSLContext certificates, InetSocketAddress address) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates));
        // Without threads of its own, one client that is slow in its handshake holds up all others.
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", HttpsServerWithAcme::greet);
        server.start();
        return server;
    }

    private static void greet(HttpExchange exchange) throws IOException {
        byte[] greeting = "Hello over TLS.\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, greeting.length);
        exchange.getResponseBody().write(greeting);
        exchange.close();
    }
}
