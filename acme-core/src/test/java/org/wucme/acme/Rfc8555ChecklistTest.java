package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.UnknownChallenge;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/**
 * What RFC 8555 asks of a client, item by item as our checklist numbers them. Elsewhere: external account binding (19) in
 * {@link ExternalAccountTest}, key rollover (20) in {@link KeyRolloverTest}, the list of orders (22) in {@link
 * OrderListTest}. Of no concern to this client yet: pre-authorization (30).
 */
class Rfc8555ChecklistTest {

    private static final String NAME = "www.example.test";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeTime time = FakeTime.now();
    private final TestClients.SilentSolver solver = new TestClients.SilentSolver();
    private final Wire wire = new Wire();
    private final KeyPair key = TestClients.newKey();
    private final TestCa ca =
            TestCa.builder().clock(time).alternateChains(1).start().alwaysValid(true);
    private AcmeClient client;
    private Account account;

    @BeforeEach
    void register() throws IOException {
        client = TestClients.builder(ca)
                .httpClient(
                        new OkHttpClient.Builder().addNetworkInterceptor(wire).build())
                .userAgent("myserver/1.2")
                .locale(Locale.GERMANY)
                .clock(time)
                .sleeper(time)
                .build();
        account = client.register(
                Registration.with(key).contact("mailto:a@example.org").agreeToTerms());
    }

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        client.close();
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(solver.visible).isEmpty();
    }

    /** What goes over the wire, in the order in which it is sent. */
    private static final class Wire implements Interceptor {
        final List<Sent> sent = new CopyOnWriteArrayList<>();

        @Override
        public Response intercept(Chain chain) throws IOException {
            sent.add(new Sent(chain.request()));
            return chain.proceed(chain.request());
        }

        List<Sent> posts() {
            return sent.stream()
                    .filter(one -> one.request.method().equals("POST"))
                    .toList();
        }

        Sent last(String path) {
            return posts().stream()
                    .filter(one -> one.path().startsWith(path))
                    .reduce((before, after) -> after)
                    .orElseThrow();
        }
    }

    private record Sent(Request request) {
        String path() {
            return request.url().encodedPath();
        }

        JsonNode jws() throws IOException {
            Buffer buffer = new Buffer();
            if (request.body() != null) {
                request.body().writeTo(buffer);
            }
            return JSON.readTree(buffer.readByteArray());
        }

        JsonNode header() throws IOException {
            return JSON.readTree(decoded("protected"));
        }

        String payload() throws IOException {
            return new String(decoded("payload"), StandardCharsets.UTF_8);
        }

        private byte[] decoded(String member) throws IOException {
            return Base64.getUrlDecoder().decode(jws().path(member).asText());
        }
    }

    private IssuedCertificate issue(String... names) throws IOException {
        return account.obtain(CertificateRequest.of(names), solver);
    }

    @Test
    void item01_section6_1_everyRequestNamesTheClientAndGoesOverHttps() throws IOException {
        issue(NAME);

        assertThat(wire.sent).allSatisfy(one -> {
            assertThat(one.request.isHttps()).isTrue();
            assertThat(one.request.header("User-Agent")).matches("myserver/1\\.2 wucme/\\S+ okhttp/\\S+");
        });
    }

    @Test
    void item02_section6_1_everyRequestHasALanguageAndBase64urlWithoutPadding() throws IOException {
        issue(NAME);

        assertThat(wire.sent)
                .allSatisfy(
                        one -> assertThat(one.request.header("Accept-Language")).isEqualTo("de-DE"));
        for (Sent post : wire.posts()) {
            assertThat(post.jws()).allSatisfy(part -> assertThat(part.asText()).matches("[A-Za-z0-9_-]*"));
        }
    }

    @Test
    void item03_section6_2_bodiesAreFlattenedJwsAndNothingElse() throws IOException {
        issue(NAME);

        for (Sent post : wire.posts()) {
            assertThat(post.jws().fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("protected", "payload", "signature");
        }
    }

    @Test
    void item04_section6_2_theProtectedHeaderHasAlgNonceUrlAndJwkOrTheKidAsReceived() throws IOException {
        IssuedCertificate issued = issue(NAME);
        client.revoke(issued.chain().leaf(), Objects.requireNonNull(issued.key()), RevocationReason.KEY_COMPROMISE);

        for (Sent post : wire.posts()) {
            boolean withKey = post.path().equals("/new-account") || post.path().equals("/revoke-cert");
            JsonNode header = post.header();
            assertThat(header.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("alg", "nonce", "url", withKey ? "jwk" : "kid");
            assertThat(header.path("alg").asText()).isEqualTo("ES256");
            assertThat(header.path("jwk").has("d")).isFalse();
            if (!withKey) {
                assertThat(header.path("kid").asText()).isEqualTo(account.url());
            }
        }
    }

    @Test
    void item05_section6_2_theContentTypeIsExactlyJoseJson() throws IOException {
        issue(NAME);

        assertThat(wire.posts())
                .allSatisfy(one ->
                        assertThat(one.request.headers("Content-Type")).containsExactly("application/jose+json"));
    }

    @Test
    void item06_section6_2_aRefusedAlgorithmOrKeyIsReportedInTheCasWords() {
        for (String type : List.of("badSignatureAlgorithm", "badPublicKey")) {
            ca.fault(Endpoint.ACCOUNT, Fault.problem(400, type, "we take RS256 only"));

            assertThatExceptionOfType(AcmeProblemException.class)
                    .isThrownBy(account::fetch)
                    .withMessageContaining("RS256")
                    .satisfies(e -> assertThat(e.problem().kind().uri()).endsWith(type));
        }
    }

    @Test
    void item07_section6_3_readsArePostAsGetAndTriggersAnEmptyObject() throws IOException {
        issue(NAME);

        for (String path : List.of("/order/", "/authorization/", "/certificate/")) {
            Sent read = wire.posts().stream()
                    .filter(one -> one.path().startsWith(path) && !one.path().endsWith("/finalize"))
                    .findFirst()
                    .orElseThrow();
            assertThat(read.jws().path("payload").asText()).isEmpty();
        }
        assertThat(wire.last("/challenge/").payload()).isEqualTo("{}");
        assertThat(wire.sent)
                .filteredOn(one -> !one.request.method().equals("POST"))
                .extracting(Sent::path)
                .containsOnly("/directory", "/new-nonce");
    }

    @Test
    void item08_section6_4_theUrlIsSignedExactlyAsTheServerGaveIt() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME));
        account.fetchAuthorization(order.authorizations().get(0));

        assertThat(wire.last("/authorization/").header().path("url").asText())
                .isEqualTo(order.authorizations().get(0));
        String odd = ca.directoryUrl().replace("localhost", "LOCALHOST").replace("directory", "order/a%7eb?x=%20|");
        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(() -> account.fetchOrder(odd));
        assertThat(wire.last("/order/").header().path("url").asText()).isEqualTo(odd);
    }

    @Test
    void item09_section6_5_noncesComeFromRepliesAndAreNeverSentAsAHeader() throws IOException {
        account.fetch();
        account.fetch();

        assertThat(ca.count(Endpoint.NEW_NONCE)).isEqualTo(1);
        assertThat(wire.sent)
                .allSatisfy(
                        one -> assertThat(one.request.header("Replay-Nonce")).isNull());
    }

    @Test
    void item10_section6_5_aBadNonceIsTriedAgainManyTimesAndOldOnesAreDropped() throws IOException {
        ca.fault(Endpoint.ACCOUNT, Fault.badNonce(), 15);
        account.fetch();
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(16);

        time.sleep(Duration.ofHours(1));
        ca.forgetNonces();
        account.fetch();
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(17);
    }

    @Test
    void item11_section6_6_aRateLimitTellsWhenAndWhereToReadMore() {
        ca.fault(
                Endpoint.ACCOUNT,
                Fault.problem(
                        429,
                        "rateLimited",
                        "too many",
                        "Retry-After",
                        "3600",
                        "Link",
                        "<https://ca.test/limits>;rel=\"help\""));

        assertThatExceptionOfType(AcmeRateLimitException.class)
                .isThrownBy(account::fetch)
                .satisfies(e -> {
                    assertThat(e.retryAt()).contains(time.instant().plusSeconds(3600));
                    assertThat(e.help()).containsExactly("https://ca.test/limits");
                });
    }

    @Test
    void item12_section6_7_everyTypeOfProblemIsKnownAndTheOthersAreKept() {
        for (String type : List.of(
                ("accountDoesNotExist alreadyRevoked badCSR badNonce badPublicKey badRevocationReason badSignatureAlgorithm "
                                + "caa compound connection dns externalAccountRequired incorrectResponse invalidContact "
                                + "malformed orderNotReady rateLimited rejectedIdentifier serverInternal tls unauthorized "
                                + "unsupportedContact unsupportedIdentifier userActionRequired")
                        .split(" "))) {
            assertThat(ProblemType.of("urn:ietf:params:acme:error:" + type))
                    .as(type)
                    .isNotEqualTo(ProblemType.UNKNOWN);
        }
        ca.fault(Endpoint.ACCOUNT, Fault.status(418, "text/html", "<html>teapot</html>"));
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .matches(e -> e.problem().is(ProblemType.UNKNOWN) && e.problem().status() == 418);
    }

    @Test
    void item13_section6_7_1_subproblemsNameTheirIdentifiers() {
        ca.block("a.bad.test").block("b.bad.test");

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("a.bad.test", "b.bad.test", NAME)))
                .satisfies(e -> assertThat(e.problem().subproblems())
                        .extracting(Problem::identifier)
                        .containsExactly(Identifier.dns("a.bad.test"), Identifier.dns("b.bad.test")));
    }

    @Test
    void item14_section7_1_1_theDirectoryMayLackWhatIsOptionalAndHoldWhatIsUnknown() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(json -> {
            json.remove(List.of("meta", "keyChange"));
            json.put("mmpCGe6TgBQ", "https://example.org/adding-random-entries-to-the-directory");
        }));
        try (AcmeClient fresh = TestClients.client(ca)) {
            assertThat(fresh.fetchDirectory().newOrder()).isNotNull();
        }
        assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(2);
    }

    @Test
    void item15_section7_3_termsAreAgreedToOnlyWhenToldAndContactsAreChecked() throws IOException {
        assertThat(wire.last("/new-account").payload()).contains("\"termsOfServiceAgreed\":true");
        assertThatExceptionOfType(AcmeUserActionException.class)
                .isThrownBy(() -> client.register(Registration.with(TestClients.newKey())));
        assertThat(wire.last("/new-account").payload()).doesNotContain("termsOfServiceAgreed");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Registration.with(key).contact("mailto:a@example.org?subject=x"));
    }

    @Test
    void item16_section7_3_1_anAccountIsLookedUpByItsKey() throws IOException {
        assertThat(client.findAccount(key)).map(Account::url).contains(account.url());
        assertThat(wire.last("/new-account").payload()).isEqualTo("{\"onlyReturnExisting\":true}");
        assertThat(client.findAccount(TestClients.newKey())).isEmpty();
    }

    @Test
    void item17_section7_3_2_anUpdateSendsOnlyWhatChanges() throws IOException {
        account.updateContacts(List.of("mailto:b@example.org"));

        assertThat(wire.last("/account/").payload()).isEqualTo("{\"contact\":[\"mailto:b@example.org\"]}");
    }

    @Test
    void item18_section7_3_3_changedTermsAreShownToAHumanAndNotVisited() {
        ca.clearLog();
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.problem(
                        403,
                        "userActionRequired",
                        "new terms",
                        "Link",
                        "<" + ca.directoryUrl() + ">;rel=\"terms-of-service\""));

        assertThatExceptionOfType(AcmeUserActionException.class)
                .isThrownBy(() -> issue(NAME))
                .matches(e -> e.termsOfService().isPresent());
        assertThat(ca.count()).isEqualTo(1);
    }

    @Test
    void item21_section7_3_6_anAccountIsDeactivatedForGood() throws IOException {
        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);

        assertThat(wire.last("/account/").payload()).isEqualTo("{\"status\":\"deactivated\"}");
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
    }

    @Test
    void item23_section7_4_anOrderHasLowerCaseALabelsAndAUrlToResume() throws IOException {
        Order order = account.createOrder(OrderRequest.of("*.BÜCHER.example.test"));

        assertThat(wire.last("/new-order").payload())
                .contains("\"value\":\"*.xn--bcher-kva.example.test\"")
                .doesNotContain("notBefore", "notAfter", "profile");
        assertThat(account.fetchOrder(order.url()).identifiers()).isEqualTo(order.identifiers());
    }

    @Test
    void item24_section7_1_3_anOrderMayStartReadyAndMustNotChange() throws IOException {
        ca.ordersReadyAtOnce(true);
        issue(NAME);
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();

        ca.ordersReadyAtOnce(false).pollsUntilReady(1);
        ca.fault(
                Endpoint.ORDER,
                Fault.json(order -> order.putArray("authorizations").add("https://localhost/another")));
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> issue(NAME))
                .withMessageContaining("changed");
    }

    @Test
    void item25_section7_1_4_onlyPendingAuthorizationsNeedWorkAndAWildcardHasItsFlag() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME, "*.example.test"));
        assertThat(order.authorizations()).hasSize(2);
        assertThat(account.fetchAuthorization(order.authorizations().get(1)).identifier())
                .isEqualTo(Identifier.dns("*.example.test"));

        ca.makeStatus(order.authorizations().get(0), "valid");
        ca.makeStatus(order.authorizations().get(1), "valid");
        account.obtain(
                CertificateRequest.builder(order.identifiers())
                        .resume(order.url())
                        .build(),
                solver);
        assertThat(ca.count(Endpoint.CHALLENGE)).isZero();
    }

    @Test
    void item26_section7_5_1_oneChallengeOfAnAuthorizationIsAnsweredOnceItsAnswerCanBeSeen() throws IOException {
        issue("a.example.test", "b.example.test");

        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(2);
        assertThat(solver.everPresented).hasSize(2);
    }

    @Test
    void item27_section8_2_aChallengeThatFailedSoFarIsAskedForAgain() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME));
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(json -> json.withObject("/challenges/0")
                        .put("status", "processing")
                        .putObject("error")
                        .put("type", "urn:ietf:params:acme:error:connection")));

        account.obtain(
                CertificateRequest.builder(order.identifiers())
                        .resume(order.url())
                        .build(),
                solver);
        assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(1);
    }

    @Test
    void item28_section7_5_2_anAuthorizationCanBeDeactivated() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME));

        account.deactivateAuthorization(order.authorizations().get(0));

        assertThat(wire.last("/authorization/").payload()).isEqualTo("{\"status\":\"deactivated\"}");
        assertThat(ca.status(order.authorizations().get(0))).isEqualTo("deactivated");
    }

    @Test
    void item29_section7_4_theOrderIsPolledAtItsOwnUrlThoughFinalizeNamesNone() throws IOException {
        ca.fault(Endpoint.FINALIZE, Fault.withoutHeader("Location")).pollsUntilValid(2);

        IssuedCertificate issued = issue(NAME);

        assertThat(issued.orderUrl()).isEqualTo(ca.orders().get(0));
        assertThat(issued.chain().identifiers()).containsExactly(Identifier.dns(NAME));
    }

    @Test
    void item31_section7_4_2_chainsAreAskedForAsPemAndAlternatesAreFollowed() throws IOException {
        Order order = account.fetchOrder(issue(NAME).orderUrl());

        List<CertificateChain> chains = account.downloadCertificates(order);

        assertThat(chains).hasSize(2);
        assertThat(wire.last("/certificate/").request.header("Accept")).isEqualTo("application/pem-certificate-chain");
    }

    @Test
    void item32_section9_1_fromAChainOnlyCertificatesAreTakenAndAPrivateKeyIsRefused() throws IOException {
        String pem = issue(NAME).chain().toPem();
        ca.fault(
                Endpoint.CERTIFICATE,
                Fault.body("application/pem-certificate-chain", "\r\n" + pem.replace("\n", "\r\n") + "\r\n\r\n"));
        Order order = account.fetchOrder(ca.orders().get(0));

        assertThat(account.downloadCertificate(order).toPem()).isEqualTo(pem);

        String key = Pem.encode(TestClients.newKey().getPrivate());
        ca.fault(Endpoint.CERTIFICATE, Fault.body("application/pem-certificate-chain", key + pem), 10);
        assertThatExceptionOfType(AcmeProtocolException.class).isThrownBy(() -> account.downloadCertificate(order));
    }

    @Test
    void item33_section7_6_revocationTellsAReasonAndTakesAlreadyRevokedForDone() throws IOException {
        IssuedCertificate issued = issue(NAME);

        assertThat(account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED))
                .isTrue();
        assertThat(wire.last("/revoke-cert").payload()).contains("\"reason\":4");
        assertThat(account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED))
                .isFalse();
    }

    @Test
    void item34_section8_3_http01IsATokenAndAThumbprintAtAPathThatOnlyATokenCanMake() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME));
        Http01 challenge = account.fetchAuthorization(order.authorizations().get(0))
                .challenge(Http01.class)
                .orElseThrow();

        assertThat(challenge.path()).isEqualTo("/.well-known/acme-challenge/" + challenge.token());
        assertThat(account.keyAuthorization(challenge).value())
                .isEqualTo(challenge.token() + "." + ca.accounts().get(0).thumbprint());
        assertThat(account.keyAuthorization(challenge).toString()).doesNotContain(challenge.token());
    }

    @Test
    void item35_section8_4_dns01IsADigestThatTheCaFinds() throws IOException {
        ca.alwaysValid(false);
        Order order = account.createOrder(OrderRequest.of("*.example.test"));
        Dns01 challenge = account.fetchAuthorization(order.authorizations().get(0))
                .challenge(Dns01.class)
                .orElseThrow();
        ca.txt("_acme-challenge.example.test", "of somebody else");
        ca.txt(
                "_acme-challenge.example.test",
                account.keyAuthorization(challenge).dnsValue());

        account.respond(challenge);

        // In real time, since the CA looks the record up meanwhile.
        TestClients.await(() -> !ca.status(challenge.url()).equals("processing"));
        assertThat(ca.status(challenge.url())).isEqualTo("valid");
    }

    @Test
    void item36_section11_1_theAccountsKeyIsNoCertificatesKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.obtain(
                        CertificateRequest.builder(List.of(Identifier.dns(NAME)))
                                .key(key)
                                .keyType(KeyType.EC_P256)
                                .build(),
                        solver))
                .withMessageContaining("account's key");
    }

    @Test
    void item25_section8_challengesOfUnknownTypesAreKept() throws IOException {
        Order order = account.createOrder(OrderRequest.of(NAME));
        ca.fault(
                Endpoint.AUTHORIZATION,
                Fault.json(json -> json.withObject("/challenges/0").put("type", "new-99")));

        assertThat(account.fetchAuthorization(order.authorizations().get(0)).challenge(UnknownChallenge.class))
                .isPresent();
    }
}
