package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.pki.CertificateId;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;
import org.wucme.testing.ca.TestCa;

/** What an order can ask for, against a CA that we did not write. It takes a random profile where none is named. */
@RequiresPebble
class PebbleOrderIT {

    private static final String NEW_ORDER = "POST /order-plz";
    private static final Duration SHORT = Duration.ofDays(6);

    private static Pebble pebble;
    private static Http01Server server;

    private AcmeClient client;
    private Account account;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start(
                Pebble.options().nonceReject(0).profiles(Map.of("classic", Duration.ofDays(90), "shortlived", SHORT)));
        server = Http01Server.start(pebble.httpPort());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        pebble.close();
    }

    @BeforeEach
    void register() throws IOException {
        client = clientBuilder().build();
        account = TestClients.register(client);
        pebble.clearRequests();
    }

    @AfterEach
    void close() {
        client.close();
        assertThat(server.answers()).isEmpty();
    }

    private static AcmeClient.Builder clientBuilder() {
        return AcmeClient.builder(new Ca("pebble", pebble.directoryUrl())).trustedRoots(List.of(pebble.tlsRoot()));
    }

    private X509Certificate issue(Account by, OrderRequest order) throws IOException {
        return by.obtain(CertificateRequest.builder(order).build(), server)
                .chain()
                .leaf();
    }

    /** A certificate that can be replaced: Pebble does not find those whose serial number begins with a zero octet. */
    private String predecessor(OrderRequest order) throws IOException {
        X509Certificate issued = issue(account, order);
        while (issued.getSerialNumber().toByteArray()[0] == 0) {
            issued = issue(account, order);
        }
        return TestCa.renewalId(issued);
    }

    private static Duration lifetime(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static long newOrders() throws IOException {
        return pebble.requests().stream().filter(NEW_ORDER::equals).count();
    }

    @Test
    void issuesUnderARequiredProfile() throws IOException {
        X509Certificate leaf =
                issue(account, OrderRequest.of("required.example.test").profile("shortlived"));

        assertThat(lifetime(leaf)).isBetween(SHORT.minusMinutes(1), SHORT);
    }

    @Test
    void issuesUnderAPreferredProfile() throws IOException {
        Order order =
                account.createOrder(OrderRequest.of("preferred.example.test").preferredProfile("shortlived"));

        assertThat(order.profile()).isEqualTo("shortlived");
    }

    @Test
    void issuesUnderAnotherProfileThanThePreferredOneThatItLacks() throws IOException {
        Order order =
                account.createOrder(OrderRequest.of("default.example.test").preferredProfile("tlsserver"));

        assertThat(order.profile()).isIn("classic", "shortlived");
        assertThat(newOrders()).isEqualTo(1);
    }

    @Test
    void isNotAskedForARequiredProfileThatItLacks() throws IOException {
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.createOrder(
                        OrderRequest.of("lacking.example.test").profile("tlsserver")))
                .withMessageContaining("it has: classic, shortlived");
        assertThat(newOrders()).isZero();
    }

    @Test
    void refusesARequiredProfileThatItDroppedMeanwhile() throws IOException {
        try (AcmeClient late = clientWithOldDirectory()) {
            Account lateAccount = TestClients.register(late);

            assertThatExceptionOfType(AcmeProblemException.class)
                    .isThrownBy(() -> lateAccount.createOrder(
                            OrderRequest.of("dropped.example.test").profile("dropped")))
                    .matches(e -> e.problem().is(ProblemType.INVALID_PROFILE));
        }
    }

    @Test
    void issuesWithoutAPreferredProfileThatItDroppedMeanwhile() throws IOException {
        try (AcmeClient late = clientWithOldDirectory()) {
            Account lateAccount = TestClients.register(late);

            assertThat(issue(lateAccount, OrderRequest.of("late.example.test").preferredProfile("dropped")))
                    .isNotNull();
        }
        assertThat(newOrders()).isEqualTo(2);
    }

    /** A client whose directory still has a profile that is gone. */
    private static AcmeClient clientWithOldDirectory() {
        Interceptor old = chain -> {
            Response reply = chain.proceed(chain.request());
            if (!chain.request().url().toString().equals(pebble.directoryUrl())) {
                return reply;
            }
            String body = reply.body().string().replace("\"profiles\": {", "\"profiles\": {\"dropped\": \"gone\",");
            return reply.newBuilder()
                    .body(ResponseBody.create(body, MediaType.get("application/json")))
                    .build();
        };
        return clientBuilder()
                .httpClient(new OkHttpClient.Builder().addInterceptor(old).build())
                .build();
    }

    @Test
    void replacesACertificateOnceAndIssuesAgainWithoutReplacing() throws IOException {
        OrderRequest order = OrderRequest.of("replaced.example.test").profile("classic");
        OrderRequest renewal = order.replaces(new CertificateId(predecessor(order)));
        pebble.clearRequests();

        issue(account, renewal);
        assertThat(newOrders()).isEqualTo(1);
        pebble.clearRequests();
        issue(account, renewal);

        assertThat(newOrders()).isEqualTo(2);
    }

    @Test
    void repeatsWhatIsReplaced() throws IOException {
        OrderRequest order = OrderRequest.of("repeated.example.test").profile("classic");
        String id = predecessor(order);

        assertThat(account.createOrder(order.replaces(new CertificateId(id))).replaces())
                .isEqualTo(id);
    }

    @Test
    void issuesForAPredecessorOfAnotherCa() throws IOException {
        OrderRequest order = OrderRequest.of("foreign.example.test")
                .profile("classic")
                .replaces(new CertificateId("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"));

        issue(account, order);

        assertThat(newOrders()).isEqualTo(2);
    }

    @Test
    void issuesForAPredecessorThatItDoesNotKnow() throws IOException {
        OrderRequest order = OrderRequest.of("unknown.example.test").profile("classic");
        String id = TestCa.renewalId(issue(account, order));
        String unknown = id.substring(0, id.indexOf('.')) + ".AIdlQyE";
        pebble.clearRequests();

        issue(account, order.replaces(new CertificateId(unknown)));

        assertThat(newOrders()).isEqualTo(2 + RetryPolicy.DEFAULT.retries());
    }

    @Test
    void issuesForTheTimeAskedFor() throws IOException {
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(1));
        Instant until = from.plus(Duration.ofDays(3));
        OrderRequest asked = OrderRequest.of("times.example.test")
                .profile("classic")
                .notBefore(from)
                .notAfter(until);

        Order order = account.createOrder(asked);
        X509Certificate leaf = account.obtain(
                        CertificateRequest.builder(asked).resume(order.url()).build(), server)
                .chain()
                .leaf();

        assertThat(order.notBefore()).isEqualTo(from);
        assertThat(order.notAfter()).isEqualTo(until);
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(until);
    }
}
