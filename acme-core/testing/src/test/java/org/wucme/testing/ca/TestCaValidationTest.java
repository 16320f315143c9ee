package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
        ca.txt(
                "_acme-challenge.example.org",
                Base64Url.encode(ChallengeAnswer.sha256(client.keyAuthorization(challenge))));

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
}
