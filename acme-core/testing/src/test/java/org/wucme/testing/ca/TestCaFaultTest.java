package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TestCa misbehaves as told, and its log tells what happened. */
class TestCaFaultTest {
    private static TestCa start(boolean http1Only) {
        return http1Only ? TestCa.builder().http1Only().start() : TestCa.start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsTheConnectionBeforeOrAfterTheEffect(boolean http1Only) throws Exception {
        try (TestCa ca = start(http1Only)) {
            MiniClient client = new MiniClient(ca);
            client.register();
            ca.fault(Endpoint.NEW_ORDER, Fault.resetBefore()).fault(Endpoint.NEW_ORDER, Fault.resetAfter());

            assertThatThrownBy(() -> client.order("example.org")).isInstanceOf(IOException.class);
            assertThat(ca.orders()).isEmpty();
            assertThatThrownBy(() -> client.order("example.org")).isInstanceOf(IOException.class);
            assertThat(ca.orders()).hasSize(1);
            assertThat(client.order("example.org").code()).isEqualTo(201);
            assertThat(ca.log())
                    .filteredOn(request -> request.endpoint() == Endpoint.NEW_ORDER)
                    .extracting(Request::status)
                    .containsExactly(0, 0, 201);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncatesTheBody(boolean http1Only) throws Exception {
        try (TestCa ca = start(http1Only)) {
            MiniClient client = new MiniClient(ca);
            ca.fault(Endpoint.DIRECTORY, Fault.truncateBody());

            assertThatThrownBy(client::directory).isInstanceOf(IOException.class);
            assertThat(client.directory().has("newOrder")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(30)
    void stallsWithoutKeepingTheCaFromClosing(boolean http1Only) throws Exception {
        try (TestCa ca = start(http1Only)) {
            MiniClient client = new MiniClient(ca);
            OkHttpClient impatient =
                    client.http.newBuilder().readTimeout(Duration.ofMillis(300)).build();
            okhttp3.Request request =
                    new okhttp3.Request.Builder().url(ca.directoryUrl()).build();
            ca.fault(Endpoint.DIRECTORY, Fault.stallHeaders())
                    .fault(Endpoint.DIRECTORY, Fault.stallBody())
                    .fault(Endpoint.DIRECTORY, Fault.delay(Duration.ofHours(1)));

            assertThatThrownBy(() -> impatient.newCall(request).execute().close())
                    .isInstanceOf(IOException.class);
            try (Response response = impatient.newCall(request).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> impatient.newCall(request).execute().close())
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsAHugeBody(boolean http1Only) throws Exception {
        try (TestCa ca = start(http1Only)) {
            MiniClient client = new MiniClient(ca);
            ca.fault(Endpoint.DIRECTORY, Fault.hugeBody(3_000_001));

            assertThat(client.get(ca.directoryUrl()).body()).hasSize(3_000_001).isBlank();
        }
    }

    @Test
    void repliesWhatItIsTold() throws Exception {
        try (TestCa ca = TestCa.start()) {
            MiniClient client = new MiniClient(ca);
            client.register();
            String account = client.kid();
            ca.fault(Endpoint.ACCOUNT, Fault.status(503, "text/html", "<html>busy", "Retry-After", "9"))
                    .fault(Endpoint.ACCOUNT, Fault.problem(429, "rateLimited", "slower", "Retry-After", "5"), 2)
                    .fault(Endpoint.ACCOUNT, Fault.badNonceWithoutNonce())
                    .fault(Endpoint.ACCOUNT, Fault.redirect("https://example.org/"))
                    .fault(Endpoint.ACCOUNT, Fault.body("text/plain", "{"))
                    .fault(Endpoint.ACCOUNT, Fault.json(body -> body.put("status", "revoked")))
                    .fault(Endpoint.ACCOUNT, Fault.noNonce());

            MiniClient.Answer busy = client.postAsGet(account);
            assertThat(busy.code()).isEqualTo(503);
            assertThat(busy.body()).isEqualTo("<html>busy");
            assertThat(busy.header("Retry-After")).isEqualTo("9");
            assertThat(client.postAsGet(account).problem()).isEqualTo("rateLimited");
            assertThat(client.postAsGet(account).header("Retry-After")).isEqualTo("5");
            MiniClient.Answer badNonce = client.postAsGet(account);
            assertThat(badNonce.problem()).isEqualTo("badNonce");
            assertThat(badNonce.headers().get("Replay-Nonce")).isNull();
            assertThat(client.postAsGet(account).header("Location")).isEqualTo("https://example.org/");
            MiniClient.Answer notJson = client.postAsGet(account);
            assertThat(notJson.body()).isEqualTo("{");
            assertThat(notJson.header("Content-Type")).isEqualTo("text/plain");
            assertThat(client.postAsGet(account).json().path("status").asText()).isEqualTo("revoked");
            assertThat(client.postAsGet(account).headers().get("Replay-Nonce")).isNull();
            assertThat(client.postAsGet(account).headers().get("Replay-Nonce")).isNotNull();
            assertThat(ca.log())
                    .filteredOn(request -> request.endpoint() == Endpoint.ACCOUNT)
                    .extracting(Request::problemType)
                    .startsWith(null, "rateLimited", "rateLimited", "badNonce", null);
        }
    }

    @Test
    void skewsItsClock() throws Exception {
        try (TestCa ca = TestCa.start()) {
            MiniClient client = new MiniClient(ca);
            ca.clockSkew(Duration.ofDays(2)).alwaysValid(true).certificateLifetime(Duration.ofDays(6));
            client.register();
            var leaf = client.issue(Jdk.newKeyPair(), "example.org").get(0);

            Instant from = leaf.getNotBefore().toInstant();
            assertThat(from).isAfter(Instant.now().plus(Duration.ofDays(1)));
            assertThat(leaf.getNotAfter().toInstant())
                    .isEqualTo(from.plus(Duration.ofDays(6)).minusSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handlesRequestsSideBySideAndTellsThemFromAChain(boolean http1Only) throws Exception {
        try (TestCa ca = start(http1Only)) {
            MiniClient client = new MiniClient(ca);
            client.directory();
            ca.latency(Duration.ofMillis(300)).clearLog();

            inParallel(6, () -> client.get(ca.directoryUrl()));
            assertThat(ca.maxInFlight()).isEqualTo(6);
            assertThat(ca.depth()).isEqualTo(1);

            ca.clearLog();
            client.directory();
            inParallel(2, () -> client.get(ca.directoryUrl()));
            client.directory();
            assertThat(ca.depth()).isEqualTo(3);
            assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(4);
        }
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static void inParallel(int times, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(work::run));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
