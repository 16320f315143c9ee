package org.wucme.challenges;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.AcmeTlsProtocol;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;
import org.wucme.testing.SlowClients;

/** Our servers convince a CA that we did not write, for names and for addresses of both kinds. */
@RequiresPebble
class PebbleRespondersIT {

    private static final String[] ALL = {"one.test", "two.test", "127.0.0.1", "::1"};

    private static Pebble pebble;

    private AcmeClient client;
    private Account account;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start();
    }

    @AfterAll
    static void stop() throws IOException {
        pebble.close();
    }

    @BeforeEach
    void register() throws IOException {
        client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build();
        account = client.register(Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void assertIssues(ChallengeSolver solver, String... names) throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of(names), solver);

        assertThat(issued.chain().identifiers())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(names).stream().map(Identifier::of).toList());
    }

    @Test
    void theHttpServerProvesNamesAndAddresses() throws IOException {
        try (Http01Server server = Http01Server.whileNeeded(new InetSocketAddress(pebble.httpPort()))) {
            assertIssues(server, ALL);
        }
    }

    @Test
    void theTlsServerProvesNamesAndAddresses() throws IOException {
        try (TlsAlpn01Server server = TlsAlpn01Server.whileNeeded(new InetSocketAddress(pebble.tlsPort()))) {
            assertIssues(server, ALL);
        }
    }

    @Test
    void aServerProvesNamesAndAddressesWhileThousandsOfSlowClientsAreConnected() throws IOException {
        List<InetAddress> clients = SlowClients.sources(SlowClients.possible(4000), 200);
        try (Http01Server server = Http01Server.open(new InetSocketAddress(pebble.httpPort()));
                SlowClients slow = SlowClients.attack(server.port(), clients, new byte[] {'G', 'E', 'T'})) {
            assertIssues(server, ALL);
        }
        try (TlsAlpn01Server server = TlsAlpn01Server.open(new InetSocketAddress(pebble.tlsPort()));
                SlowClients slow = SlowClients.attack(server.port(), clients, new byte[] {22, 3, 1})) {
            assertIssues(server, ALL);
        }
    }

    @Test
    void anHttpsServerProvesNamesAndAddressesBesideItsTraffic() throws Exception {
        HeldCertificate own = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        TlsAlpn01Responder responder = new TlsAlpn01Responder();
        HttpsServer server = httpsServer(own, responder);
        try {
            assertIssues(responder, ALL);

            assertThat(visit(own)).isEqualTo("hello");
        } finally {
            server.stop(0);
        }
    }

    private static HttpsServer httpsServer(HeldCertificate own, TlsAlpn01Responder responder)
            throws IOException, GeneralSecurityException {
        X509ExtendedKeyManager before = (X509ExtendedKeyManager)
                new HandshakeCertificates.Builder().heldCertificate(own).build().keyManager();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new TlsAlpn01KeyManager(responder, before)}, null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(pebble.tlsPort()), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = context.getDefaultSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                AcmeTlsProtocol.offer(parameters);
                connection.setSSLParameters(parameters);
            }
        });
        server.createContext("/", exchange -> {
            byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String visit(HeldCertificate own) throws IOException {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(own.certificate())
                .build();
        OkHttpClient browser = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                .build();
        Request request = new Request.Builder()
                .url("https://localhost:" + pebble.tlsPort() + "/")
                .build();
        try (Response response = browser.newCall(request).execute()) {
            return response.body().string();
        } finally {
            browser.connectionPool().evictAll();
        }
    }
}
