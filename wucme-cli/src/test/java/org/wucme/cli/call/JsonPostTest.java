package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
}
