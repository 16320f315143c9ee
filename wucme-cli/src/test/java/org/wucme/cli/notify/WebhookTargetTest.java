package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.cli.call.JsonPost;

class WebhookTargetTest {

    private final MockWebServer web = new MockWebServer();

    @BeforeEach
    void begin() throws IOException {
        web.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void end() {
        web.close();
    }

    private static WebhookTarget target(HttpUrl url) {
        return new WebhookTarget(new JsonPost(url, new OkHttpClient()));
    }

    private void answer(int code, String body) {
        web.enqueue(new MockResponse.Builder().code(code).body(body).build());
    }

    private static RecordedRequest next(MockWebServer server) throws InterruptedException {
        return Objects.requireNonNull(server.takeRequest(30, TimeUnit.SECONDS));
    }

    private static String body(RecordedRequest request) {
        return Objects.requireNonNull(request.getBody()).utf8();
    }

    @Test
    void aNoticeIsPostedAsJson() throws Exception {
        answer(200, "thanks\n");
        try (WebhookTarget target = target(web.url("/secret"))) {
            assertThat(target.send(Samples.notice(Samples.renewed()))).isEqualTo("HTTP 200 thanks");
        }

        RecordedRequest request = next(web);
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getTarget()).isEqualTo("/secret");
        assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
        JsonNode json = new ObjectMapper().readTree(body(request));
        assertThat(json.get("event").textValue()).isEqualTo("renewed");
        assertThat(json.get("severity").textValue()).isEqualTo("success");
        assertThat(json.get("certificate").textValue()).isEqualTo("WWW_EXAMPLE_ORG");
        assertThat(json.get("names").toString()).isEqualTo("[\"www.example.org\",\"example.org\"]");
        assertThat(json.get("files").toString()).isEqualTo("[\"/etc/wucme/WUCME_C_WWW_EXAMPLE_ORG.PEM\"]");
        assertThat(json.get("subject").textValue()).startsWith("www.example.org and 1 more: renewed");
        assertThat(json.get("text").textValue()).contains("\nSerial number: cafe\n");
        assertThat(json.get("time").textValue()).isEqualTo("2026-11-22T00:20:01.500Z");
        assertThat(json.get("host").textValue()).isEqualTo("web1.example.org");
    }

    @Test
    void byHttpsItIsPostedToAServerThatIsTrusted() throws Exception {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates tls = new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .addTrustedCertificate(held.certificate())
                .build();
        try (MockWebServer secure = new MockWebServer()) {
            secure.useHttps(tls.sslSocketFactory());
            secure.start();
            secure.enqueue(new MockResponse.Builder().code(204).build());
            HttpUrl url = secure.url("/hook").newBuilder().host("localhost").build();
            OkHttpClient client = new OkHttpClient.Builder()
                    .sslSocketFactory(tls.sslSocketFactory(), tls.trustManager())
                    .build();
            try (WebhookTarget trusting = new WebhookTarget(new JsonPost(url, client));
                    WebhookTarget other = target(url)) {
                assertThat(trusting.send(Samples.notice(Samples.renewed()))).isEqualTo("HTTP 204");
                assertThatThrownBy(() -> other.send(Samples.notice(Samples.renewed())))
                        .hasMessageContaining("PKIX path building failed");
            }
            assertThat(secure.getRequestCount()).isEqualTo(1);
        }
    }

    @Test
    void userAndPasswordOfTheUrlAreSentInAHeaderOnly() throws Exception {
        answer(200, "");
        HttpUrl url =
                web.url("/").newBuilder().username("me").password("se cret").build();
        target(url).send(Samples.notice(Samples.renewed()));

        RecordedRequest request = next(web);
        assertThat(request.getHeaders().get("Authorization")).isEqualTo(okhttp3.Credentials.basic("me", "se cret"));
        assertThat(target(url)).hasToString("the webhook at " + url.host() + ":" + url.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 425, 429, 500, 503})
    void whatMayPassIsTriedAgain(int code) {
        answer(code, "not now");

        assertThatThrownBy(() -> target(web.url("/secret")).send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class)
                .hasMessage("HTTP " + code + " not now");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 410, 413})
    void whatDoesNotPassIsNotTriedAgain(int code) {
        answer(code, "never");

        assertThatThrownBy(() -> target(web.url("/secret")).send(Samples.notice(Samples.renewed())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("HTTP " + code + " never");
    }

    @Test
    void oneThatIsDownAtFirstGetsItWhenItIsBack() throws Exception {
        HttpUrl url = web.url("/hook");
        web.close();
        Watched target = new Watched(target(url));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitFailure();
            try (MockWebServer back = new MockWebServer()) {
                back.enqueue(new MockResponse.Builder().code(503).build());
                back.enqueue(new MockResponse.Builder().code(200).build());
                back.start(InetAddress.getLoopbackAddress(), url.port());

                assertThat(body(next(back))).contains("\"renewed\"");
                assertThat(body(next(back))).contains("\"renewed\"");
            }
        }
    }
}
