package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Judges the judge: other tests rest on what TestCa accepts and refuses. */
class TestCaTest {
    private final TestCa ca = TestCa.builder().alternateChains(1).start();
    private final MiniClient client = new MiniClient(ca);

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    void issuesForANameWhoseHttp01ResponseItFetched() throws Exception {
        Map<String, String> served = new ConcurrentHashMap<>();
        HttpServer responder = serve(served);
        try {
            ca.validateHttp01At(responder.getAddress().getPort());
            client.register();
            MiniClient.Answer order = client.order("www.example.org");
            JsonNode challenge = challenge(authorization(order, 0), "http-01");
            served.put(
                    "www.example.org/.well-known/acme-challenge/"
                            + challenge.path("token").asText(),
                    keyAuthorization(challenge));
            client.post(challenge.path("url").asText(), "{}");

            assertThat(awaitDecision(order)).isEqualTo("ready");
            KeyPair key = newKey();
            MiniClient.Answer finalized =
                    client.post(order.json().path("finalize").asText(), csr(key, "www.example.org"));
            assertThat(finalized.json().path("status").asText()).isEqualTo("processing");
            JsonNode valid = client.postAsGet(order.header("Location")).json();
            assertThat(valid.path("status").asText()).isEqualTo("valid");

            MiniClient.Answer pem = client.postAsGet(valid.path("certificate").asText());
            List<X509Certificate> chain = chain(pem.body());
            validate(chain, ca.issuerRoot());
            assertThat(chain.get(0).getPublicKey()).isEqualTo(key.getPublic());
            assertThat(chain.get(0).getSubjectAlternativeNames()).containsExactly(List.of(2, "www.example.org"));
            assertThat(ca.certificates()).containsExactly(chain.get(0));
        } finally {
            responder.stop(0);
        }
    }

    private static HttpServer serve(Map<String, String> served) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String host = exchange.getRequestHeaders().getFirst("Host");
            String body = served.get(host + exchange.getRequestURI().getPath());
            byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private JsonNode authorization(MiniClient.Answer order, int index) throws IOException {
        return client.postAsGet(order.json().path("authorizations").path(index).asText())
                .json();
    }

    private static JsonNode challenge(JsonNode authorization, String type) {
        for (JsonNode challenge : authorization.path("challenges")) {
            if (challenge.path("type").asText().equals(type)) {
                return challenge;
            }
        }
        throw new AssertionError("No " + type + " in " + authorization);
    }

    private String keyAuthorization(JsonNode challenge) {
        return challenge.path("token").asText() + "." + Registry.thumbprint(client.key);
    }

    /** Polls an order until its authorizations are decided. */
    private String awaitDecision(MiniClient.Answer order) throws IOException {
        String status;
        do {
            status = client.postAsGet(order.header("Location"))
                    .json()
                    .path("status")
                    .asText();
        } while (status.equals("pending"));
        return status;
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static String csr(KeyPair key, String... names) throws IOException, OperatorCreationException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        GeneralName[] alternativeNames = List.of(names).stream()
                .map(name -> new GeneralName(
                        name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternativeNames));
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
        return Json.object().put("csr", Base64Url.encode(der)).toString();
    }

    private static List<X509Certificate> chain(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static void validate(List<X509Certificate> chain, X509Certificate root) throws GeneralSecurityException {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    private ObjectNode header(String url) throws IOException {
        return MiniClient.header(url, client.nonce()).put("kid", client.kid());
    }

    @Test
    void refusesANonceThatWasUsedBefore() throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid()), "");

        assertThat(client.send(client.kid(), jws).code()).isEqualTo(200);
        MiniClient.Answer again = client.send(client.kid(), jws);

        assertThat(again.problem()).isEqualTo("badNonce");
        assertThat(again.headers().get("Replay-Nonce")).isNotNull();
        assertThat(ca.signedBodies()).filteredOn(jws.toString()::equals).hasSize(2);
    }

    @Test
    void refusesAJwsForAnotherUrl() throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid() + "/orders"), "");

        assertThat(client.send(client.kid(), jws).problem()).isEqualTo("unauthorized");
    }

    @Test
    void refusesAContentTypeWithParameters() throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid()), "");

        assertThat(client.send(client.kid(), jws, "application/jose+json; charset=utf-8")
                        .code())
                .isEqualTo(415);
    }
}
