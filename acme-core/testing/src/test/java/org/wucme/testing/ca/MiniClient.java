package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.SocketFactory;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** The least client with which TestCa itself can be tested: each request is made by hand and may be made wrong. */
final class MiniClient {
    final ECKey key;
    final OkHttpClient http;
    private final TestCa ca;
    private String kid = "";

    record Answer(int code, Headers headers, String body) {
        ObjectNode json() {
            return Json.parse(body, "The answer");
        }

        String problem() {
            return json().path("type").asText().replace(Problem.URN, "");
        }

        String header(String name) {
            return Objects.requireNonNull(headers.get(name), name);
        }
    }

    MiniClient(TestCa ca) {
        this(
                ca,
                new OkHttpClient.Builder()
                        .sslSocketFactory(ca.sslSocketFactory(), ca.trustManager())
                        .socketFactory(new NoDelayFactory())
                        .callTimeout(Duration.ofSeconds(20)));
    }

    private MiniClient(TestCa ca, OkHttpClient.Builder builder) {
        this.ca = ca;
        this.key = newKey();
        this.http =
                builder.retryOnConnectionFailure(false).followRedirects(false).build();
    }

    /** A client of a CA that has no sockets. */
    static MiniClient inProcess(TestCa ca) {
        return new MiniClient(ca, new OkHttpClient.Builder().addInterceptor(chain -> {
                    okhttp3.Request request = chain.request()
                            .newBuilder()
                            .header("User-Agent", "MiniClient")
                            .build();
                    Buffer body = new Buffer();
                    if (request.body() != null) {
                        request.body().writeTo(body);
                    }
                    CaResponse answer = ca.handle(new CaRequest(
                            request.method(),
                            request.url().toString(),
                            request.headers().toMultimap(),
                            body.readUtf8()));
                    Headers.Builder headers = new Headers.Builder();
                    answer.headers().forEach(field -> headers.add(field.getKey(), field.getValue()));
                    return new Response.Builder()
                            .request(request)
                            .protocol(Protocol.HTTP_2)
                            .code(answer.status())
                            .message("")
                            .headers(headers.build())
                            .body(ResponseBody.create(answer.body(), null))
                            .build();
                }));
    }

    static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String kid() {
        return kid;
    }

    Answer get(String url) throws IOException {
        return call(new okhttp3.Request.Builder().url(url).build());
    }

    ObjectNode directory() throws IOException {
        return get(ca.directoryUrl()).json();
    }

    String url(String resource) throws IOException {
        return directory().path(resource).asText();
    }

    String nonce() throws IOException {
        return get(url("newNonce")).header("Replay-Nonce");
    }

    Answer register() throws IOException {
        Answer answer = postWithJwk(url("newAccount"), "{\"termsOfServiceAgreed\":true}");
        kid = answer.header("Location");
        return answer;
    }

    Answer order(String... dnsNames) throws IOException {
        ObjectNode payload = Json.object();
        for (String name : dnsNames) {
            payload.withArray("identifiers").add(new Identifier("dns", name).toJson());
        }
        return post(url("newOrder"), payload.toString());
    }

    Answer post(String url, String payload) throws IOException {
        return send(url, jws(header(url, nonce()).put("kid", kid), payload));
    }

    Answer postAsGet(String url) throws IOException {
        return post(url, "");
    }

    Answer postWithJwk(String url, String payload) throws IOException {
        return send(url, jws(withJwk(header(url, nonce()), key), payload));
    }

    static ObjectNode header(String url, String nonce) {
        return Json.object().put("alg", "ES256").put("url", url).put("nonce", nonce);
    }

    static ObjectNode withJwk(ObjectNode header, ECKey key) {
        return header.set("jwk", Json.parse(key.toPublicJWK().toJSONString(), "The key"));
    }

    ObjectNode jws(ObjectNode header, String payload) {
        return jws(header, payload, key);
    }

    static ObjectNode jws(ObjectNode header, String payload, ECKey key) {
        String protectedPart = Base64URL.encode(header.toString()).toString();
        String payloadPart = Base64URL.encode(payload).toString();
        byte[] input = (protectedPart + "." + payloadPart).getBytes(StandardCharsets.US_ASCII);
        try {
            Base64URL signature = new ECDSASigner(key).sign(new JWSHeader(JWSAlgorithm.ES256), input);
            return Json.object()
                    .put("protected", protectedPart)
                    .put("payload", payloadPart)
                    .put("signature", signature.toString());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer send(String url, ObjectNode jws) throws IOException {
        return send(url, jws, "application/jose+json");
    }

    Answer send(String url, ObjectNode jws, String contentType) throws IOException {
        RequestBody body = RequestBody.create(jws.toString().getBytes(StandardCharsets.UTF_8));
        return call(new okhttp3.Request.Builder()
                .url(url)
                .header("Content-Type", contentType)
                .header("Accept", "application/pem-certificate-chain")
                .post(body)
                .build());
    }

    private Answer call(okhttp3.Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            return new Answer(
                    response.code(), response.headers(), response.body().string());
        }
    }

    /** A whole issuance; the CA must take the names for validated. */
    List<X509Certificate> issue(KeyPair key, String... dnsNames) throws Exception {
        Answer order = order(dnsNames);
        for (JsonNode url : order.json().path("authorizations")) {
            JsonNode authorization = postAsGet(url.asText()).json();
            post(authorization.path("challenges").path(0).path("url").asText(), "{}");
        }
        post(order.json().path("finalize").asText(), csr(key, dnsNames));
        JsonNode valid = postAsGet(order.header("Location")).json();
        return chain(postAsGet(valid.path("certificate").asText()).body());
    }

    JsonNode authorization(Answer order) throws IOException {
        return postAsGet(order.json().path("authorizations").path(0).asText()).json();
    }

    JsonNode challenge(Answer order, String type) throws IOException {
        JsonNode authorization = authorization(order);
        for (JsonNode challenge : authorization.path("challenges")) {
            if (challenge.path("type").asText().equals(type)) {
                return challenge;
            }
        }
        throw new AssertionError("No " + type + " in " + authorization);
    }

    String keyAuthorization(JsonNode challenge) {
        return challenge.path("token").asText() + "." + Registry.thumbprint(key);
    }

    /** Answers a challenge and polls the order until its authorizations are decided. */
    String decide(Answer order, JsonNode challenge) throws IOException {
        return decide(order, challenge, "{}");
    }

    String decide(Answer order, JsonNode challenge, String payload) throws IOException {
        post(challenge.path("url").asText(), payload);
        String status;
        do {
            status = postAsGet(order.header("Location")).json().path("status").asText();
        } while (status.equals("pending"));
        return status;
    }

    /** The payload of finalize. */
    static String csr(KeyPair key, String... names) throws IOException, OperatorCreationException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        GeneralName[] alternativeNames =
                List.of(names).stream().map(AlpnServer::generalName).toArray(GeneralName[]::new);
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternativeNames));
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
        return Json.object().put("csr", Base64Url.encode(der)).toString();
    }

    static List<X509Certificate> chain(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    static void validate(List<X509Certificate> chain, X509Certificate root) throws GeneralSecurityException {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    /** OkHttp leaves Nagle's delay on, which costs 40 ms in most requests over HTTP/2. */
    private static final class NoDelayFactory extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
