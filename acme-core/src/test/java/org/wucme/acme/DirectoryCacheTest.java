package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** What a new client does with the directory that an earlier one has left in a cache. */
class DirectoryCacheTest extends AtTestCa {

    private static final int ALWAYS = 1_000;
    private static final int TRIES = RetryPolicy.DEFAULT.retries() + 1;

    private final MemoryCache cache = new MemoryCache();
    private final KeyPair key = TestClients.newKey();

    private static final class MemoryCache implements DirectoryCache {
        final Map<String, CachedDirectory> saved = new ConcurrentHashMap<>();

        @Override
        public Optional<CachedDirectory> load(String directoryUrl) {
            return Optional.ofNullable(saved.get(directoryUrl));
        }

        @Override
        public void save(String directoryUrl, CachedDirectory directory) {
            saved.put(directoryUrl, directory);
        }

        @Override
        public void drop(String directoryUrl) {
            saved.remove(directoryUrl);
        }
    }

    private interface Work {
        void with(AcmeClient client) throws IOException;
    }

    /** In a client of its own, as each run of a program has one. */
    private void run(Work work) throws IOException {
        try (AcmeClient next = clientBuilder().directoryCache(cache).build()) {
            work.with(next);
        }
    }

    private String registered() throws IOException {
        String url = client.register(Registration.with(key).agreeToTerms()).url();
        run(AcmeClient::fetchDirectory);
        ca.clearLog();
        return url;
    }

    private CachedDirectory cached() {
        return Objects.requireNonNull(cache.saved.get(ca.directoryUrl()));
    }

    private void replaceInCache(String old, String changed) {
        CachedDirectory present = cached();
        cache.save(
                ca.directoryUrl(),
                new CachedDirectory(
                        present.document().replace(old, changed), present.fetchedAt(), present.expiresAt()));
    }

    /** Has the CA's directory lead elsewhere in the cache than it does at the CA. */
    private void moveSinceCached(String member) {
        assertThat(cached().document()).contains("\"" + member + "\":\"");
        replaceInCache("\"" + member + "\":\"" + base(), "\"" + member + "\":\"" + base() + "/before");
    }

    private String base() {
        return ca.directoryUrl().substring(0, ca.directoryUrl().lastIndexOf('/'));
    }

    @Test
    void aLaterClientAsksForNothingThatIsKept() throws IOException {
        String account = registered();

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));

        assertThat(ca.log())
                .extracting(request -> request.endpoint())
                .containsExactly(Endpoint.NEW_NONCE, Endpoint.NEW_ORDER);
    }

    @ParameterizedTest
    @CsvSource({
        "Cache-Control, max-age=3600, PT59M, 0",
        "Cache-Control, max-age=3600, PT61M, 1",
        "Cache-Control, 'public, MAX-AGE=\"3600\"', PT59M, 0",
        "Cache-Control, 'max-age=3600, max-age=60', PT59S, 0",
        "Cache-Control, 'max-age=3600, max-age=60', PT61S, 1",
        "Cache-Control, max-age=soon, PT23H, 0",
        "Cache-Control, max-age=-1, PT23H, 0",
        "Cache-Control, max-age=99999999999999999999, PT23H, 0",
        "Cache-Control, max-age=999999999999, PT23H, 0",
        "Cache-Control, max-age=999999999999, PT25H, 1",
        "Cache-Control, 'public, max-age=0, no-cache', PT23H, 0",
        "Cache-Control, 'public, max-age=0, no-cache', PT25H, 1",
        "Cache-Control, 'no-cache, max-age=3600', PT61M, 1",
        "Cache-Control, 'max-age=3600, no-store', PT0S, 1",
        "Cache-Control, no-store, PT0S, 1",
        "Cache-Control, no-cache=\"Set-Cookie\", PT23H, 0",
        "Cache-Control, private, PT23H, 0",
        "Pragma, no-cache, PT23H, 0",
        "Expires, 0, PT23H, 0",
        "Expires, 'Thu, 01 Jan 1970 00:00:00 GMT', PT23H, 0",
        "Expires, 'Thu, 01 Jan 2099 00:00:00 GMT', PT23H, 0",
        "Age, 82800, PT59M, 0",
        "Age, 82800, PT61M, 1",
        "Age, often, PT0S, 1",
        "Vary, *, PT0S, 1",
        "Vary, Accept-Encoding, PT23H, 0",
        "Server, says nothing, PT23H, 0",
        "Server, says nothing, PT25H, 1"
    })
    void itIsKeptAsLongAsTheCaSaysAndADayAtMost(String header, String value, Duration later, int fetches)
            throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.header(header, value));
        run(AcmeClient::fetchDirectory);
        ca.clearLog();
        time.sleep(later);

        run(AcmeClient::fetchDirectory);

        assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(fetches);
    }

    @Test
    void howOldItMayBeIsASetting() throws IOException {
        run(AcmeClient::fetchDirectory);
        ca.clearLog();
        time.sleep(Duration.ofMinutes(10));

        try (AcmeClient strict = clientBuilder()
                .directoryCache(cache)
                .maxDirectoryAge(Duration.ofMinutes(9))
                .build()) {
            strict.fetchDirectory();
        }

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> clientBuilder().maxDirectoryAge(Duration.ofSeconds(-1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"newNonce\":5}",
                "{\"newNonce\":\"http://plain.example.test/nonce\"}",
                "{\"newNonce\":\"file:///etc/passwd\",\"newOrder\":\"\\n\"}"
            })
    void whatIsOfNoUseInTheCacheIsFetchedAgain(String document) throws IOException {
        String account = registered();
        Instant now = time.instant();
        cache.save(ca.directoryUrl(), new CachedDirectory(document, now, now.plusSeconds(3600)));

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(cached().document()).contains(base());
    }

    @ParameterizedTest
    @CsvSource({"PT1H, P1D", "-P400D, P4000D", "-PT1H, -PT1M", "P1D, -P1D"})
    void timesInTheCacheThatCannotBeBelievedCountForNothing(Duration fetched, Duration expires) throws IOException {
        run(AcmeClient::fetchDirectory);
        ca.clearLog();
        cache.save(
                ca.directoryUrl(),
                new CachedDirectory(
                        cached().document(),
                        time.instant().plus(fetched),
                        time.instant().plus(expires)));

        run(AcmeClient::fetchDirectory);

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void aCacheThatFailsIsNoError() throws IOException {
        DirectoryCache broken = new DirectoryCache() {
            @Override
            public Optional<CachedDirectory> load(String directoryUrl) throws IOException {
                throw new IOException("no permission");
            }

            @Override
            public void save(String directoryUrl, CachedDirectory directory) throws IOException {
                throw new IOException("the disk is full");
            }

            @Override
            public void drop(String directoryUrl) {
                throw new UncheckedIOException(new IOException("a folder is in the way"));
            }
        };

        try (AcmeClient next = clientBuilder().directoryCache(broken).build()) {
            assertThat(next.fetchDirectory()).isEqualTo(client.fetchDirectory());
            time.sleep(Duration.ofMinutes(2));
            assertThat(next.fetchCurrentDirectory()).isEqualTo(client.fetchDirectory());
        }
    }

    @Test
    void anOrderIsMadeWhereTheCaTakesThemNow() throws IOException {
        String account = registered();
        moveSinceCached("newOrder");

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isOne();
        run(next -> next.account(account, key).createOrder(OrderRequest.of("two.example.test")));
        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void noncesComeFromWhereTheCaGivesThemNow() throws IOException {
        String account = registered();
        moveSinceCached("newNonce");

        run(next -> next.account(account, key)
                .obtain(request("a.example.test", "b.example.test").build(), solver));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void theKeyIsChangedWhereTheCaDoesThatNow() throws IOException {
        String account = registered();
        moveSinceCached("keyChange");
        KeyPair next = TestClients.newKey();

        run(run -> run.account(account, key).changeKey(next, kept -> {}));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(client.findAccount(next)).map(Account::url).contains(account);
    }

    @ParameterizedTest
    @ValueSource(strings = {"newAccount", "revokeCert", "renewalInfo"})
    void everyOtherUrlOfTheDirectoryMayMoveToo(String member) throws IOException {
        String account = registered();
        X509Certificate leaf = client.account(account, key)
                .obtain(request("www.example.test").build(), solver)
                .chain()
                .leaf();
        ca.clearLog();
        moveSinceCached(member);

        run(next -> {
            assertThat(next.findAccount(key)).isPresent();
            next.fetchRenewalInfo(leaf);
            assertThat(next.account(account, key).revoke(leaf, RevocationReason.SUPERSEDED))
                    .isTrue();
        });

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void whatTheCaOffersSinceIsNotRefusedHere() throws IOException {
        String account = registered();
        replaceInCache("\"keyChange\"", "\"notYet\"");
        KeyPair next = TestClients.newKey();

        run(run -> run.account(account, key).changeKey(next, kept -> {}));

        assertThat(client.findAccount(next)).isPresent();
    }

    @Test
    void aRefusalThatIsNotTheDirectorysFaultIsAskedOnceAndStays() throws IOException {
        String account = registered();
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "malformed", "no such thing"), ALWAYS);

        run(next -> {
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(AcmeProblemException.class)
                        .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")))
                        .withMessageContaining("no such thing");
            }
        });

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(3);
    }

    @Test
    void aCaThatIsGoneIsReportedByItsFirstAnswer() throws IOException {
        String account = registered();
        ca.fault(Endpoint.NEW_NONCE, Fault.problem(404, "malformed", "moved away"), ALWAYS);
        ca.fault(Endpoint.DIRECTORY, Fault.status(404, "text/html", "nothing here"), ALWAYS);

        run(next -> assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")))
                .withMessageContaining("fetching a nonce"));
        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(cache.saved).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "newNonce, 400", "newNonce, 401", "newNonce, 403", "newNonce, 503",
        "newOrder, 400", "newOrder, 401", "newOrder, 403", "newOrder, 503"
    })
    void aGatewayWhereTheCaWasBeforeIsNotTakenForTheCa(String member, int status) throws IOException {
        String account = registered();
        replaceInCache("\"" + member + "\":\"" + url(member), "\"" + member + "\":\"" + url("keyChange"));
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(status, "text/html", "<html>no service here</html>"), ALWAYS);

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isOne();
        assertThat(cached().document()).contains("\"" + member + "\":\"" + url(member));
    }

    private String url(String member) {
        String text = cached().document();
        int start = text.indexOf("\"" + member + "\":\"") + member.length() + 4;
        return text.substring(start, text.indexOf('"', start));
    }

    @ParameterizedTest
    @ValueSource(strings = {"newNonce", "newOrder"})
    void aServerThatIsGoneIsNoLongerAsked(String member) throws IOException {
        String account = registered();
        replaceInCache("\"" + member + "\":\"" + base(), "\"" + member + "\":\"https://localhost:" + closedPort());

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isOne();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"newNonce", "newOrder"})
    void aServerThatIsAnothersNowIsNoLongerAsked(String member) throws IOException {
        String account = registered();
        try (TestCa other = TestCa.builder().start()) {
            String there =
                    other.directoryUrl().substring(0, other.directoryUrl().lastIndexOf('/'));
            replaceInCache("\"" + member + "\":\"" + base(), "\"" + member + "\":\"" + there);

            run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));
        }

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        assertThat(ca.count(Endpoint.NEW_ORDER)).isOne();
    }

    @Test
    void aDirectoryOfTheCaItselfIsNotDoubtedWhenTheConnectionFails() throws IOException {
        String account = registered();
        run(next -> {
            next.fetchCurrentDirectory();
            time.sleep(Duration.ofMinutes(2));
            ca.fault(Endpoint.NEW_ORDER, Fault.resetBefore(), ALWAYS);
            assertThatExceptionOfType(AcmeConnectionException.class)
                    .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));
        });

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void aRateLimitCostsNoFurtherRequest() throws IOException {
        String account = registered();
        ca.fault(Endpoint.NEW_ORDER, Fault.status(429, "text/html", "slow down"), ALWAYS);

        run(next -> assertThatExceptionOfType(AcmeRateLimitException.class)
                .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test"))));

        assertThat(ca.count(Endpoint.DIRECTORY)).isZero();
    }

    @Test
    void renewalInformationThatMakesNoSenseIsReasonToDoubt() throws IOException {
        String account = registered();
        X509Certificate leaf = client.account(account, key)
                .obtain(request("www.example.test").build(), solver)
                .chain()
                .leaf();
        ca.clearLog();
        replaceInCache("\"keyChange\"", "\"notYet\"");
        ca.fault(Endpoint.RENEWAL_INFO, Fault.status(200, "text/html", "<html>moved</html>"));

        run(next -> next.fetchRenewalInfo(leaf));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void aCopyInDoubtServesUntilThereIsANewOne() throws IOException {
        String account = registered();
        ca.fault(Endpoint.DIRECTORY, Fault.status(503, "text/html", "maintenance"), ALWAYS);
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(404, "malformed", "no such thing"), 2);

        run(next -> {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(AcmeProblemException.class)
                        .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")))
                        .withMessageContaining("no such thing");
            }
            long asked = ca.count(Endpoint.DIRECTORY);
            next.account(account, key).obtain(request("www.example.test").build(), solver);
            assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(asked).isEqualTo(TRIES);
        });

        run(next -> next.account(account, key).createOrder(OrderRequest.of("www.example.test")));
    }

    @Test
    void theClockIsComparedBeforeAnOrderAlthoughTheDirectoryIsKept() throws IOException {
        String account = registered();
        ca.clockSkew(Duration.ofDays(62));

        run(next -> assertThatExceptionOfType(AcmeClockException.class)
                .isThrownBy(() -> next.account(account, key).createOrder(OrderRequest.of("www.example.test"))));

        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void aCaWithoutADateCostsNoRequestMore() throws IOException {
        String account = registered();
        for (Endpoint endpoint : Endpoint.values()) {
            ca.fault(endpoint, Fault.withoutHeader("Date"), ALWAYS);
        }

        run(next ->
                next.account(account, key).obtain(request("www.example.test").build(), solver));

        assertThat(ca.count() - ca.count(Endpoint.ORDER)).isEqualTo(6);
    }

    @Test
    void whoMustNotRestOnAnOldCopyAsksTheCa() throws IOException {
        run(AcmeClient::fetchDirectory);
        ca.changeTerms("https://example.org/terms-2").clearLog();

        run(next -> {
            assertThat(next.fetchDirectory().termsOfService()).endsWith("terms-1");
            assertThat(next.fetchCurrentDirectory().termsOfService()).endsWith("terms-2");
            assertThat(next.fetchDirectory().termsOfService()).endsWith("terms-2");
            next.fetchCurrentDirectory();
        });

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        run(next -> assertThat(next.fetchDirectory().termsOfService()).endsWith("terms-2"));
        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void registrationAsksTheCa() throws IOException {
        run(AcmeClient::fetchDirectory);
        ca.clearLog();

        run(next -> next.register(Registration.with(key).agreeToTerms()));

        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
    }

    @Test
    void theCacheOfTheBuilderIsUsedRatherThanALaterOne() throws IOException {
        try (AcmeClient without =
                clientBuilder().directoryCache(DirectoryCache.NONE).build()) {
            without.keepDirectoryIn(cache);
            without.fetchDirectory();
        }
        assertThat(cache.saved).isEmpty();
        try (AcmeClient with = clientBuilder().build()) {
            with.keepDirectoryIn(cache);
            with.fetchDirectory();
        }
        assertThat(cache.saved).containsOnlyKeys(ca.directoryUrl());
    }
}
