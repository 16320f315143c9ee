package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.KeyType;
import org.wucme.cli.TestWrites;
import org.wucme.store.ActiveManager;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;
import org.wucme.store.file.FileStore;

class ReportServerTest {

    private static final InetSocketAddress ANY_PORT = ReportSettings.loopback(0);
    private static final List<String> PAGES =
            List.of("/", "/admin/cert", "/admin/log", "/admin/check/ca", "/status.json", "/metrics");

    private final OkHttpClient client = new OkHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();

    private static FileStore store;

    @BeforeAll
    static void fill(@TempDir Path folder) throws IOException {
        store = Samples.store(folder);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        client.dispatcher().executorService().shutdown();
    }

    /** What the server gives, without following anything. */
    private record Got(int status, String body, Headers headers) {}

    static ReportSettings settings(CertificateStore store, Map<String, Check> checks) {
        return settings("www1", store, checks);
    }

    private static ReportSettings settings(String host, CertificateStore store, Map<String, Check> checks) {
        return settings(host, "/", store, checks);
    }

    private static ReportSettings settings(
            String host, String pathPrefix, CertificateStore store, Map<String, Check> checks) {
        return new ReportSettings(
                ANY_PORT,
                pathPrefix,
                Set.of("report.example.org"),
                null,
                null,
                () -> Samples.status(store, new ActiveManager("www1", 4711L, Samples.daysAgo(2))),
                Clock.fixed(Samples.NOW, ZoneId.of("Europe/Berlin")),
                host,
                "1.2.3",
                ManagerState::none,
                () -> List.of("first line", "last <line>"),
                checks);
    }

    static ReportSettings protectedBy(
            ReportSettings open, InetSocketAddress address, @Nullable Password password, @Nullable SSLContext tls) {
        return new ReportSettings(
                address,
                open.pathPrefix(),
                open.hostNames(),
                password,
                tls,
                open.status(),
                open.clock(),
                open.host(),
                open.version(),
                open.manager(),
                open.log(),
                open.checks());
    }

    private ReportServer serve(ReportSettings settings) throws IOException {
        ReportServer server = ReportServer.open(settings);
        open.add(server);
        return server;
    }

    private ReportServer serve() throws IOException {
        return serve(settings(store, Samples.checks()));
    }

    private Got send(OkHttpClient by, Request request) throws IOException {
        try (Response response = by.newCall(request).execute()) {
            return new Got(response.code(), response.body().string(), response.headers());
        }
    }

    private Got get(ReportServer server, String path, String... headers) throws IOException {
        return send(client, request(server, path, headers).build());
    }

    private Got post(ReportServer server, String path, String... headers) throws IOException {
        return send(
                client,
                request(server, path, headers)
                        .post(RequestBody.create(new byte[0]))
                        .build());
    }

    private static Request.Builder request(ReportServer server, String path, String... headers) {
        Request.Builder request = new Request.Builder().url(server.url() + path.substring(1));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    @Test
    void theFirstPageShowsEveryCertificateAndTheManager() throws IOException {
        Got page = get(serve(), "/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().get("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.body())
                .contains(
                        "wucme <span>on www1</span>",
                        "process 4711 on www1",
                        "since",
                        "Of 8 certificates, 2 are failing")
                .contains("www.example.org", "shop.example.org", "mail.example.net", "203.0.113.7", "new.example.com")
                .contains("the CA says: 203.0.113.10: Fetching", "Still to be carried out: post https://proxy")
                .contains("last &lt;line&gt;")
                .doesNotContain("<script", "javascript:", "onload", "style=\"");
    }

    @Test
    void theWorstComesFirst() throws IOException {
        assertThat(get(serve(), "/").body())
                .containsSubsequence("card failing", "card attention", "card ok")
                .doesNotContainPattern("(?s)card ok.*card failing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/admin/cert", "/admin/log", "/admin/check/ca", "/status.json", "/metrics", "/nothing"})
    void everythingForbidsScriptsFramesAndStrangers(String path) throws IOException {
        Headers headers = get(serve(), path).headers();

        assertThat(headers.get("Content-Security-Policy"))
                .contains("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "script-src", "http");
        assertThat(headers.get("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.get("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers.get("Cache-Control")).isEqualTo("no-store");
        assertThat(headers.get("Access-Control-Allow-Origin")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cgi-bin/wucme", "/cgi-bin/wucme/"})
    void belowThePathOfAServerInFrontEverythingIsThereToo(String prefix) throws IOException {
        ReportServer server = serve(settings("www1", prefix, store, Samples.checks()));

        for (String page : PAGES) {
            Got below = get(server, "/cgi-bin/wucme" + page);
            assertThat(below.status()).as(page).isEqualTo(200);
            assertThat(below.body()).isEqualTo(get(server, page).body());
        }
        assertThat(post(server, "/cgi-bin/wucme/admin/check/ca").status()).isEqualTo(200);
        assertThat(post(server, "/cgi-bin/wucme/admin/cert").status()).isEqualTo(405);
        assertThat(get(server, "/cgi-bin/wucmeadmin/cert").status()).isEqualTo(404);
        assertThat(get(server, "/other/admin/cert").status()).isEqualTo(404);
    }

    @Test
    void thePathOfAServerInFrontAloneLeadsToTheFirstPage() throws IOException {
        ReportServer server = serve(settings("www1", "/cgi-bin/wucme", store, Samples.checks()));

        assertThat(get(server, "/cgi-bin/wucme").body())
                .isEqualTo(get(server, "/").body());
    }

    @Test
    void wucmesUrisLeadToTheSame() throws IOException {
        ReportServer server = serve();

        assertThat(get(server, "/admin/cert").body()).contains("www.example.org", "href=\"../admin/log\"");
        assertThat(get(server, "/admin/log").body()).contains("first line\nlast &lt;line&gt;");
        for (String check : Samples.checks().keySet()) {
            Got page = get(server, "/admin/check/" + check);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("action=\"../../admin/check/" + check + "\"", "not tried yet");
        }
        assertThat(get(server, "/admin/check/nothing").status()).isEqualTo(404);
        assertThat(get(server, "/admin").status()).isEqualTo(404);
    }

    @Test
    void jsonTellsTheSame() throws IOException {
        Got answer = get(serve(), "/status.json");

        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
        JsonNode report = new ObjectMapper().readTree(answer.body());
        assertThat(report.path("health").textValue()).isEqualTo("failing");
        assertThat(report.path("manager").path("who").textValue()).isEqualTo("process 4711 on www1");
        assertThat(report.path("certificates")).hasSize(8);
        assertThat(report.path("certificates").findValuesAsText("health")).contains("ok", "attention", "failing");
    }

    @Test
    void metricsAreWhatPrometheusReads() throws IOException {
        Got answer = get(serve(), "/metrics");

        assertThat(answer.headers().get("Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body().lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches("wucme_[a-z_]+(\\{.*})? [0-9.E+-]+"))
                .contains(
                        "wucme_build_info{version=\"1.2.3\"} 1",
                        "wucme_manager_active 1.0",
                        "wucme_renewals_total 0.0",
                        "wucme_certificates{health=\"failing\"} 2.0",
                        "wucme_certificate_failures{certificate=\"SHOP_EXAMPLE_ORG\",identifier=\"shop.example.org\"}"
                                + " 3.0",
                        "wucme_certificate_deployments_owed{certificate=\"_EXAMPLE_ORG\",identifier=\"*.example.org\"}"
                                + " 1.0");
        String expiry = answer.body()
                .lines()
                .filter(line ->
                        line.startsWith("wucme_certificate_expiry_timestamp_seconds{certificate=\"WWW_EXAMPLE_ORG\""))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(expiry.substring(expiry.lastIndexOf(' '))))
                .isEqualTo((double) Samples.daysAhead(40).getEpochSecond());
    }

    @Test
    void headGivesTheHeadersOnly() throws IOException {
        ReportServer server = serve();
        Got head = send(client, request(server, "/").head().build());

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().get("Content-Length"))
                .isEqualTo(get(server, "/").headers().get("Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void pagesCanOnlyBeRead(String method) throws IOException {
        RequestBody body = method.equals("TRACE") ? null : RequestBody.create(new byte[0]);
        Got answer = send(client, request(serve(), "/").method(method, body).build());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers().get("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void aCheckRunsOnlyWhenPosted() throws IOException {
        AtomicInteger runs = new AtomicInteger();
        ReportServer server = serve(settings(store, Map.of("ca", () -> "run " + runs.incrementAndGet())));

        get(server, "/admin/check/ca");
        get(server, "/");
        assertThat(runs).hasValue(0);
        Got done = post(server, "/admin/check/ca");

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body()).contains(">run 1</pre>", "worked");
        assertThat(get(server, "/").body()).contains("worked");
        assertThat(send(client, request(server, "/admin/check/ca").delete().build())
                        .headers()
                        .get("Allow"))
                .isEqualTo("GET, HEAD, POST");
    }

    @Test
    void aCheckThatFailsSaysWhy() throws IOException {
        Got failed = post(serve(), "/admin/check/mail");

        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.body()).contains("smtp.example.org:587 does not answer");
    }

    @Test
    void oneCheckRunsAtATimeAndPagesDoNotWaitForIt() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ReportServer server = serve(settings(store, Map.of("ca", () -> {
            started.countDown();
            await(end);
            return "done";
        })));
        List<Got> first = new ArrayList<>();
        Thread poster = new Thread(() -> {
            try {
                first.add(post(server, "/admin/check/ca"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        poster.start();
        started.await();

        assertThat(post(server, "/admin/check/ca").status()).isEqualTo(503);
        assertThat(get(server, "/").status()).isEqualTo(200);
        end.countDown();
        poster.join();
        assertThat(first).extracting(Got::status).containsExactly(200);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aCheckIsNotRunForOtherSites() throws IOException {
        ReportServer server = serve();
        String self = server.url().substring(0, server.url().length() - 1);

        assertThat(post(server, "/admin/check/ca", "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(post(server, "/admin/check/ca", "Origin", "null").status()).isEqualTo(403);
        assertThat(post(server, "/admin/check/ca", "Origin", self.replace("http", "https"))
                        .status())
                .isEqualTo(403);
        for (String site : List.of("cross-site", "same-site", "none")) {
            assertThat(post(server, "/admin/check/ca", "Sec-Fetch-Site", site).status())
                    .isEqualTo(403);
        }
        assertThat(post(server, "/admin/check/ca", "Origin", self, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyItsOwnNamesAndAddressesAreAnswered() throws IOException {
        ReportServer server = serve();

        for (String host :
                List.of("localhost:1", "LOCALHOST", "127.0.0.1:99", "[::1]:8089", "www1", "report.example.org")) {
            assertThat(get(server, "/", "Host", host).status()).as(host).isEqualTo(200);
        }
        for (String host :
                List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[evil]", "a b")) {
            Got refused = get(server, "/", "Host", host);
            assertThat(refused.status()).as(host).isEqualTo(421);
            assertThat(refused.body()).doesNotContain("evil", "example.org");
        }
    }

    @Test
    void aMachineMayBeCalledLocalhost() throws IOException {
        ReportServer server = serve(settings("LocalHost", store, Map.of()));

        assertThat(get(server, "/").status()).isEqualTo(200);
    }

    @Test
    void anAbsoluteTargetAndMissingOrManyHostsAreCheckedToo() throws IOException {
        ReportServer server = serve();

        assertThat(raw(server, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 421 ");
        assertThat(raw(server, "GET / HTTP/1.1\r\n\r\n")).contains(" 421 ");
        assertThat(raw(server, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                .contains(" 421 ");
    }

    private static String raw(ReportServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nothingOfARequestComesBack() throws IOException {
        ReportServer server = serve();
        String mark = "<mark-of-a-request>";

        for (String path : List.of(
                "/",
                "/admin/check/" + "%3Cmark-of-a-request%3E",
                "/%3Cmark-of-a-request%3E?" + "q=mark-of-a-request")) {
            Got got = get(server, path, "User-Agent", mark, "Referer", mark, "X-Forwarded-Host", mark, "Cookie", mark);
            assertThat(got.body() + got.headers()).doesNotContain("mark-of-a-request");
        }
    }

    @Test
    void withoutAPasswordItIsForThisMachineOnly() {
        ReportSettings settings = settings(store, Map.of());
        InetSocketAddress everywhere = new InetSocketAddress(0);

        assertThatThrownBy(() -> ReportServer.open(protectedBy(settings, everywhere, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a password");
    }

    @Test
    void thePasswordIsAskedForEverywhere() throws IOException {
        ReportServer server = serve(protectedBy(
                settings(store, Samples.checks()), new InetSocketAddress(0), Password.of("swordfish"), null));

        for (String path : PAGES) {
            Request.Builder asked = new Request.Builder().url("http://127.0.0.1:" + server.port() + path);
            Got refused = send(client, asked.build());
            assertThat(refused.status()).as(path).isEqualTo(401);
            assertThat(refused.headers().get("WWW-Authenticate")).startsWith("Basic ");
            assertThat(refused.body()).doesNotContain("example");
            assertThat(send(
                                    client,
                                    asked.header("Authorization", basic("me:wrong-word"))
                                            .build())
                            .status())
                    .isEqualTo(401);
            assertThat(send(client, asked.header("Authorization", "Basic %").build())
                            .status())
                    .isEqualTo(401);
            assertThat(send(
                                    client,
                                    asked.header("Authorization", "Bearer swordfish")
                                            .build())
                            .status())
                    .isEqualTo(401);
            assertThat(send(
                                    client,
                                    asked.header("Authorization", basic("me:swordfish"))
                                            .build())
                            .status())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPasswordComesFromAFileAndIsNotShown(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "swordfish\n");

        assertThat(Password.read(file).matches("swordfish")).isTrue();
        assertThat(Password.read(file).matches("swordfish\n")).isFalse();
        assertThat(Password.read(file)).asString().doesNotContain("swordfish");
        Files.writeString(file, "short\n");
        assertThatThrownBy(() -> Password.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("fewer than 8");
    }

    @Test
    void withAContextItSpeaksTls() throws IOException {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        SSLContext context = new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .build()
                .sslContext();
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(held.certificate())
                .build();
        ReportServer server = serve(protectedBy(settings(store, Samples.checks()), ANY_PORT, null, context));
        OkHttpClient tls = client.newBuilder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();

        assertThat(server.url()).startsWith("https://localhost:");
        assertThat(send(tls, request(server, "/").build()).status()).isEqualTo(200);
        assertThat(send(
                                tls,
                                request(server, "/admin/check/ca", "Origin", "https://localhost:" + server.port())
                                        .post(RequestBody.create(new byte[0]))
                                        .build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ReportSettings settings = settings(store, Map.of());

            assertThatThrownBy(() -> ReportServer.open(
                            protectedBy(settings, ReportSettings.loopback(taken.getLocalPort()), null, null)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("--report-port");
        }
    }

    @Test
    void aStoreThatCannotBeReadIsSaid(@TempDir Path folder) throws IOException {
        Path gone = folder.resolve("gone");
        ReportServer server = serve(settings(FileStore.open(gone), Map.of()));
        try (Stream<Path> files = Files.list(gone)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(gone);

        for (String path : List.of("/", "/status.json", "/metrics")) {
            Got answer = get(server, path);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).startsWith("The store cannot be read: ");
        }
        assertThat(get(server, "/admin/log").status()).isEqualTo(200);
    }

    @Test
    void anErrorIsAnAnswerToo() throws IOException {
        ReportSettings settings = settings(store, Map.of("ca", () -> {
            throw new NoClassDefFoundError("org/example/Gone");
        }));
        ReportServer server = serve(new ReportSettings(
                settings.address(),
                "/",
                settings.hostNames(),
                null,
                null,
                settings.status(),
                settings.clock(),
                settings.host(),
                settings.version(),
                () -> {
                    throw new StackOverflowError("too deep");
                },
                settings.log(),
                settings.checks()));

        assertThat(get(server, "/status.json").status()).isEqualTo(500);
        Got checked = send(
                client,
                request(server, "/admin/check/ca", "Origin", "http://localhost:" + server.port())
                        .post(RequestBody.create(new byte[0]))
                        .build());
        assertThat(checked.status()).isEqualTo(503);
        assertThat(checked.body()).contains("unexpected error: java.lang.NoClassDefFoundError: org/example/Gone");
    }

    @Test
    void anEmptyStoreSaysWhatToDo(@TempDir Path folder) throws IOException {
        assertThat(get(serve(settings(FileStore.open(folder.resolve("new")), Map.of())), "/")
                        .body())
                .contains("There is no certificate here yet");
    }

    @Test
    void noPageHoldsASecretOfTheStore(@TempDir Path folder) throws IOException {
        FileStore store = Samples.store(folder);
        store.saveAccount(new StoredAccount(
                Samples.DIRECTORY, "https://ca.example/account/1", List.of(), KeyType.EC_P256.generate()));
        TestWrites.saveNextKey(store, "WWW_EXAMPLE_ORG", KeyType.EC_P256.generate());
        ReportServer server = serve(settings(store, Samples.checks()));
        StringBuilder shown = new StringBuilder();
        for (String path : PAGES) {
            shown.append(get(server, path).body());
        }
        Set<String> secrets = secrets(folder);

        assertThat(secrets).hasSizeGreaterThan(8);
        assertThat(secrets).noneMatch(secret -> shown.indexOf(secret) >= 0);
        assertThat(shown).doesNotContain("PRIVATE KEY", "BEGIN ");
    }

    /** The lines of all private keys. */
    private static Set<String> secrets(Path folder) throws IOException {
        Pattern key = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+(.+?)\\s+-----END", Pattern.DOTALL);
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                key.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .results()
                        .flatMap(match -> match.group(1).lines())
                        .forEach(found::add);
            }
        }
        return found;
    }
}
