package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.store.file.FileStore;
import org.wucme.testing.SlowClients;
import org.wucme.testing.Stopwatch;

/** The report is shown while other clients send half a request and keep their connections. */
class ReportSlowClientsTest {

    private static final byte[] HALF = "GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HALF_HELLO = {22, 3, 1, 2};

    private static FileStore store;

    @BeforeAll
    static void fill(@TempDir Path folder) throws IOException {
        store = Samples.store(folder);
    }

    private static void assertShows(OkHttpClient client, ReportServer server) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(server.url()).build()).execute()) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.body().string()).contains("www.example.org");
        }
    }

    private static SlowClients attack(ReportServer server, int addresses, byte[] beginning) throws IOException {
        return SlowClients.attack(server.port(), SlowClients.sources(SlowClients.possible(4000), addresses), beginning);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void aReaderGetsThePage(int addresses) throws Exception {
        OkHttpClient client = new OkHttpClient();
        try (ReportServer server = ReportServer.open(ReportServerTest.settings(store, Samples.checks()));
                SlowClients slow = attack(server, addresses, HALF)) {
            assertThat(Stopwatch.undisturbed(() -> assertShows(client, server))).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aReaderGetsThePageByTls() throws Exception {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates own =
                new HandshakeCertificates.Builder().heldCertificate(held).build();
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(held.certificate())
                .build();
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
        ReportSettings settings = ReportServerTest.protectedBy(
                ReportServerTest.settings(store, Samples.checks()), ReportSettings.loopback(0), null, own.sslContext());
        try (ReportServer server = ReportServer.open(settings);
                SlowClients slow = attack(server, 1, HALF_HELLO)) {
            assertThat(Stopwatch.undisturbed(() -> assertShows(client, server))).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aCheckThatRunsOutlivesTheFlood() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        ReportSettings settings = ReportServerTest.settings(store, Map.of("ca", () -> {
            started.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return "found by the check";
        }));
        OkHttpClient client = new OkHttpClient();
        try (ReportServer server =
                        ReportServer.open(settings, ConnectionLimits.defaults().withConnections(100));
                SlowClients slow = SlowClients.attack(server.port(), SlowClients.sources(50, 1), HALF)) {
            Request post = new Request.Builder()
                    .url(server.url() + "admin/check/ca")
                    .post(RequestBody.create(new byte[0]))
                    .build();
            CompletableFuture<String> page = CompletableFuture.supplyAsync(() -> body(client, post));
            started.await();
            try (SlowClients more = SlowClients.attack(server.port(), SlowClients.sources(500, 1), HALF)) {
                more.awaitClosed();
                end.countDown();
                assertThat(page.get()).contains("found by the check");
            }
        }
    }

    private static String body(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
