package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Challenges are validated for real. */
class TestCaValidationTest {
    private final TestCa ca = TestCa.start();
    private final MiniClient client = new MiniClient(ca);

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    void takesHttp01WhenTheNameServesTheKeyAuthorization() throws Exception {
        client.register();
        MiniClient.Answer order = client.order("www.example.org");
        JsonNode challenge = client.challenge(order, "http-01");
        String path = "www.example.org/.well-known/acme-challenge/"
                + challenge.path("token").asText();
        HttpServer responder = serve(Map.of(path, client.keyAuthorization(challenge) + "\n"));
        try {
            ca.validateHttp01At(responder.getAddress().getPort());

            assertThat(client.decide(order, challenge)).isEqualTo("ready");
        } finally {
            responder.stop(0);
        }
    }

    @Test
    void failsHttp01WhenSomethingElseIsServed() throws Exception {
        client.register();
        MiniClient.Answer order = client.order("www.example.org");
        JsonNode challenge = client.challenge(order, "http-01");
        String path = "www.example.org/.well-known/acme-challenge/"
                + challenge.path("token").asText();
        HttpServer responder = serve(Map.of(path, "nothing of that kind"));
        try {
            ca.validateHttp01At(responder.getAddress().getPort());

            assertThat(client.decide(order, challenge)).isEqualTo("invalid");
        } finally {
            responder.stop(0);
        }
        assertThat(error(order)).isEqualTo("incorrectResponse");
    }

    @Test
    void failsHttp01WhenNobodyListens() throws Exception {
        client.register();
        MiniClient.Answer order = client.order("www.example.org");

        assertThat(client.decide(order, client.challenge(order, "http-01"))).isEqualTo("invalid");
        assertThat(error(order)).isEqualTo("connection");
    }

    @Test
    void takesDns01WhenOneOfTheRecordsFits() throws Exception {
        client.register();
        MiniClient.Answer order = client.order("*.example.org");
        JsonNode challenge = client.challenge(order, "dns-01");
        ca.txt("_acme-challenge.Example.org.", "another");
        ca.txt("_acme-challenge.example.org", Base64Url.encode(sha256(client.keyAuthorization(challenge))));

        assertThat(client.decide(order, challenge)).isEqualTo("ready");
    }

    @Test
    void failsDns01WithoutTheRightRecord() throws Exception {
        client.register();
        MiniClient.Answer none = client.order("*.example.org");
        assertThat(client.decide(none, client.challenge(none, "dns-01"))).isEqualTo("invalid");
        assertThat(error(none)).isEqualTo("dns");

        ca.txt("_acme-challenge.example.org", "another");
        MiniClient.Answer wrong = client.order("*.example.org");
        assertThat(client.decide(wrong, client.challenge(wrong, "dns-01"))).isEqualTo("invalid");
        assertThat(error(wrong)).isEqualTo("incorrectResponse");
    }

    @Test
    void takesTlsAlpn01ForANameAndForAnAddress() throws Exception {
        client.register();
        MiniClient.Answer name = client.order("www.example.org");
        JsonNode ofName = client.challenge(name, "tls-alpn-01");
        try (AlpnServer server = new AlpnServer("acme-tls/1", client.keyAuthorization(ofName), "www.example.org")) {
            ca.validateTlsAlpn01At(server.port());
            assertThat(client.decide(name, ofName)).isEqualTo("ready");
            assertThat(server.names.take()).isEqualTo("www.example.org");
        }
        String payload = "{\"identifiers\":[{\"type\":\"ip\",\"value\":\"2001:db8::1\"}]}";
        MiniClient.Answer address = client.post(client.url("newOrder"), payload);
        JsonNode ofAddress = client.challenge(address, "tls-alpn-01");
        try (AlpnServer server = new AlpnServer("acme-tls/1", client.keyAuthorization(ofAddress), "2001:db8::1")) {
            ca.validateTlsAlpn01At(server.port());
            assertThat(client.decide(address, ofAddress)).isEqualTo("ready");
            assertThat(server.names.take())
                    .isEqualTo("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
        }
    }

    @Test
    void failsTlsAlpn01ForAWrongDigestNameOrProtocol() throws Exception {
        client.register();
        assertThat(tlsAlpn01("acme-tls/1", "wrong", "www.example.org")).isEqualTo("incorrectResponse");
        assertThat(tlsAlpn01("acme-tls/1", "", "example.org")).isEqualTo("incorrectResponse");
        assertThat(tlsAlpn01("acme-tls/1", "", "www.example.org", "example.org"))
                .isEqualTo("incorrectResponse");
        assertThat(tlsAlpn01("h2", "", "www.example.org")).isEqualTo("tls");
    }

    private String tlsAlpn01(String protocol, String spoiling, String... names) throws Exception {
        MiniClient.Answer order = client.order("www.example.org");
        JsonNode challenge = client.challenge(order, "tls-alpn-01");
        try (AlpnServer server = new AlpnServer(protocol, client.keyAuthorization(challenge) + spoiling, names)) {
            ca.validateTlsAlpn01At(server.port());
            assertThat(client.decide(order, challenge)).isEqualTo("invalid");
        }
        return error(order);
    }

    private String error(MiniClient.Answer order) throws IOException {
        JsonNode challenge = client.authorization(order).path("challenges").path(0);
        assertThat(challenge.path("status").asText()).isEqualTo("invalid");
        return challenge.path("error").path("type").asText().replace(Problem.URN, "");
    }

    private static HttpServer serve(Map<String, String> served) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String host = exchange.getRequestHeaders().getFirst("Host");
            byte[] body = served.getOrDefault(host + exchange.getRequestURI().getPath(), "not here")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Serves one certificate for tls-alpn-01 and notes the names asked for. */
    private static final class AlpnServer implements AutoCloseable {
        final BlockingQueue<String> names = new LinkedBlockingQueue<>();
        private final SSLServerSocket socket;
        private final Thread thread = new Thread(this::serve, "tls-alpn-01");

        AlpnServer(String protocol, String keyAuthorization, String... certified) throws Exception {
            KeyPair key = MiniClient.newKeyPair();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("a", key.getPrivate(), new char[0], new X509Certificate[] {
                certificate(key, keyAuthorization, certified)
            });
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket accepted = socket.accept()) {
                    SSLSocket tls = (SSLSocket) accepted;
                    tls.startHandshake();
                    List<SNIServerName> asked = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
                    names.add(new String(asked.get(0).getEncoded(), StandardCharsets.US_ASCII));
                } catch (SocketException e) {
                    return;
                } catch (IOException e) {
                    names.add("failed: " + e);
                }
            }
        }

        private static X509Certificate certificate(KeyPair key, String keyAuthorization, String... certified)
                throws Exception {
            X500Name name = new X500Name("CN=tls-alpn-01");
            Instant now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.ONE,
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plusSeconds(3600)),
                    name,
                    key.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(List.of(certified).stream()
                            .map(MiniClient::generalName)
                            .toArray(org.bouncycastle.asn1.x509.GeneralName[]::new)));
            builder.addExtension(
                    new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31"), true, new DEROctetString(sha256(keyAuthorization)));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        }

        @Override
        public void close() throws Exception {
            socket.close();
            thread.join();
        }
    }
}
