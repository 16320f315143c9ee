package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JsonPostTest {

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpUrl url = HttpUrl.get("http://127.0.0.1:" + silent.getLocalPort() + "/secret");
            try (JsonPost post = new JsonPost(url, new OkHttpClient(), Duration.ofMillis(300))) {
                assertThatThrownBy(() -> post.send(JsonNodeFactory.instance.objectNode()))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("127.0.0.1:" + silent.getLocalPort() + ": ")
                        .hasMessageNotContaining("secret");
            }
        }
    }

    @Test
    void whatIsNoUrlIsNotShown() {
        assertThatThrownBy(() -> JsonPost.parse("https://user:secret@"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this is not a URL")
                .hasMessageNotContaining("secret");
        assertThat(JsonPost.parse("https://host.example/x").host()).isEqualTo("host.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:T0KEN@hooks.example.org/x",
                "HTTP://user:T0KEN@hooks.example.org/x",
                "http://T0KEN@192.0.2.1:8080/",
                "http://:T0KEN@hooks.example.org/",
                "http://hooks.example.org/x?token=T0KEN",
                "http://localhost.example.org/?T0KEN",
                "http://127.0.0.1.example.org/?T0KEN",
                "http://hooks.example.org/services/T0KEN",
                "http://hooks.example.org",
                "http://192.0.2.1:8080/T0KEN",
                "http://[2001:db8::1]/T0KEN"
            })
    void nothingIsSentUnencrypted(String url) {
        assertThat(JsonPost.refusal(JsonPost.parse(url)).orElseThrow())
                .contains("unencrypted", "https://")
                .doesNotContain("T0KEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:T0KEN@hooks.example.org/x",
                "https://hooks.example.org/x?token=T0KEN",
                "http://user:T0KEN@127.0.0.1:8080/",
                "http://user:T0KEN@localhost/x",
                "http://hooks.localhost/T0KEN",
                "http://[::1]:80/x?token=T0KEN"
            })
    void httpsAndThisMachineAreFine(String url) {
        assertThat(JsonPost.refusal(JsonPost.parse(url))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "me%40example.org:p%3A%40%2Fss, me@example.org:p:@/ss",
        "me:p@ss, me:p@ss",
        ":T0KEN, :T0KEN",
        "T0KEN, T0KEN:",
        "m%C3%A9:%E2%82%AC, mé:€"
    })
    void whatIsEscapedInTheUserAndPasswordIsSentAsItIsMeant(String inUrl, String meant) throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().code(204).build());
            try (JsonPost post = new JsonPost(
                    JsonPost.parse("http://" + inUrl + "@localhost:" + server.getPort() + "/"), new OkHttpClient())) {
                post.send(JsonNodeFactory.instance.objectNode());
            }

            String sent = server.takeRequest().getHeaders().get("Authorization");
            assertThat(sent)
                    .isEqualTo("Basic " + Base64.getEncoder().encodeToString(meant.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) throws Exception {
        try (MockWebServer server = new MockWebServer();
                MockWebServer elsewhere = new MockWebServer()) {
            server.start();
            elsewhere.start();
            server.enqueue(new MockResponse.Builder()
                    .code(status)
                    .setHeader("Location", elsewhere.url("/"))
                    .build());
            HttpUrl url =
                    server.url("/").newBuilder().username("u").password("T0KEN").build();
            try (JsonPost post = new JsonPost(url, new OkHttpClient())) {
                assertThat(post.send(JsonNodeFactory.instance.objectNode()).code())
                        .isEqualTo(status);
            }
            assertThat(elsewhere.getRequestCount()).isZero();
        }
    }
}
