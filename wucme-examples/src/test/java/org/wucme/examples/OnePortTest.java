package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.tlsalpn.AcmeTlsProtocol;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.TestCa;
import org.wucme.tls.ServerCertificates;

/** One port of one server: its traffic with current certificates, and the tls-alpn-01 challenges for them. */
class OnePortTest {

    private static final String NAME = "localhost";

    private final TlsAlpn01Responder responder = new TlsAlpn01Responder();

    @Test
    void aServerProvesItsNameOnThePortThatItServesAndRenewsWhileItRuns(@TempDir Path folder) throws Exception {
        FileStore store = FileStore.open(folder);
        try (TestCa ca = TestCa.start();
                ServerCertificates certificates = ServerCertificates.builder(store)
                        .temporaryCertificate(List.of(Identifier.dns(NAME)))
                        .open();
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            ExecutorService workers = Executors.newFixedThreadPool(4);
            HttpsServer server = serve(certificates.keyManager(), workers);
            try {
                int port = server.getAddress().getPort();
                ca.validateTlsAlpn01At(port);
                Account account = client.register(
                        Registration.with(KeyType.EC_P256.generate()).agreeToTerms());

                X509Certificate first = obtain(account, store, certificates);
                assertThat(certificateAt(port, ca)).isEqualTo(first);
                X509Certificate second = obtain(account, store, certificates);
                assertThat(certificateAt(port, ca)).isEqualTo(second).isNotEqualTo(first);
            } finally {
                server.stop(0);
                workers.shutdownNow();
            }
        }
    }

    private X509Certificate obtain(Account account, FileStore store, ServerCertificates certificates)
            throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of(NAME), responder);
        String name = store.nameOf(Identifier.dns(NAME));
        store.save(
                name,
                issued.chain(),
                Objects.requireNonNull(issued.key()),
                RenewalRecord.builder(issued.chain().identifiers(), "https://ca.example/directory")
                        .build());
        certificates.refresh(name);
        return issued.chain().leaf();
    }

    private HttpsServer serve(X509ExtendedKeyManager current, ExecutorService workers)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new TlsAlpn01KeyManager(responder, current)}, null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
        server.createContext("/", OnePortTest::greet);
        server.start();
        return server;
    }

    private static void greet(HttpExchange exchange) throws IOException {
        byte[] greeting = "Hello.\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, greeting.length);
        exchange.getResponseBody().write(greeting);
        exchange.close();
    }

    /** What a client that trusts the CA gets: an answer, and over which certificate. */
    private static X509Certificate certificateAt(int port, TestCa ca) throws IOException {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(ca.issuerRoot())
                .build();
        OkHttpClient browser = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
        Request request =
                new Request.Builder().url("https://" + NAME + ":" + port + "/").build();
        try (Response response = browser.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("Hello.\n");
            return (X509Certificate) Objects.requireNonNull(response.handshake())
                    .peerCertificates()
                    .get(0);
        } finally {
            browser.connectionPool().evictAll();
            browser.dispatcher().executorService().shutdown();
        }
    }
}
