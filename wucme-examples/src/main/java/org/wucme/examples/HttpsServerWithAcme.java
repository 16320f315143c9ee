package org.wucme.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;

/**
 * The JDK's own HTTPS server with a certificate that it obtains when it starts. Run it on the host that the name leads to,
 * where ports 80 and 443 are free: {@code HttpsServerWithAcme NAME}
 */
public final class HttpsServerWithAcme {

    private HttpsServerWithAcme() {}

    /** Serves the name on the command line, with a certificate of Let's Encrypt's staging service. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        try (AcmeClient client = AcmeClient.of(Ca.LETS_ENCRYPT_STAGING);
                Http01Server http01 = Http01Server.whileNeeded(new InetSocketAddress(80))) {
            HttpsServer server = serve(client, http01, args[0], new InetSocketAddress(443));
            System.out.println("https://" + args[0] + ":" + server.getAddress().getPort());
        }
    }

    /** Obtains a certificate and serves with it. */
    static HttpsServer serve(AcmeClient client, ChallengeSolver solver, String name, InetSocketAddress address)
            throws IOException, GeneralSecurityException {
        // README:begin
        Account account =
                client.register(Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
        IssuedCertificate issued = account.obtain(CertificateRequest.of(name), solver);
        return serve(issued, address);
        // README:end
    }

    /** A server that greets everyone with this certificate. */
    static HttpsServer serve(IssuedCertificate issued, InetSocketAddress address)
            throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(sslContext(issued)));
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

    private static SSLContext sslContext(IssuedCertificate issued) throws IOException, GeneralSecurityException {
        char[] password = {};
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, password);
        X509Certificate[] chain = issued.chain().certificates().toArray(X509Certificate[]::new);
        keys.setKeyEntry("server", Objects.requireNonNull(issued.key()).getPrivate(), password, chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
