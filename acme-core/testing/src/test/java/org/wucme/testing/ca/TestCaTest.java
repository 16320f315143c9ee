package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges the judge: other tests rest on what TestCa accepts and refuses. */
@Tag("embedding")
class TestCaTest {
    private final TestCa ca = TestCa.builder()
            .alternateChains(1)
            .profile("shortlived", "six days")
            .start();
    private final MiniClient client = new MiniClient(ca);

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    void issuesAChainThatLeadsToItsRoot() throws Exception {
        ca.alwaysValid(true);
        client.register();
        KeyPair key = Jdk.newKeyPair();

        List<X509Certificate> chain = client.issue(key, "www.example.org", "example.org");

        MiniClient.validate(chain, ca.issuerRoot());
        assertThat(chain.get(0).getPublicKey()).isEqualTo(key.getPublic());
        assertThat(chain.get(0).getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "www.example.org"), List.of(2, "example.org"));
        assertThat(ca.certificates()).containsExactly(chain.get(0));
    }

    @Test
    void showsAnOrderInEachOfItsStates() throws Exception {
        ca.alwaysValid(true).pollsUntilReady(1).pollsUntilValid(1).retryAfter(Endpoint.ORDER, "7");
        client.register();
        MiniClient.Answer order = client.order("example.org");
        String url = order.header("Location");
        client.post(client.challenge(order, "http-01").path("url").asText(), "{}");
        String finalizeUrl = order.json().path("finalize").asText();
        String csr = MiniClient.csr(Jdk.newKeyPair(), "example.org");

        MiniClient.Answer pending = client.postAsGet(url);
        assertThat(status(pending)).isEqualTo("pending");
        assertThat(pending.header("Retry-After")).isEqualTo("7");
        assertThat(status(client.postAsGet(url))).isEqualTo("ready");
        assertThat(status(client.post(finalizeUrl, csr))).isEqualTo("processing");
        assertThat(status(client.postAsGet(url))).isEqualTo("processing");
        MiniClient.Answer valid = client.postAsGet(url);
        assertThat(status(valid)).isEqualTo("valid");
        assertThat(valid.headers().get("Retry-After")).isNull();
        assertThat(client.post(finalizeUrl, csr).problem()).isEqualTo("orderNotReady");
    }

    @Test
    void offersAlternateChains() throws Exception {
        ca.alwaysValid(true).finalizeAtOnce(true);
        client.register();
        client.issue(Jdk.newKeyPair(), "example.org");
        JsonNode order = client.postAsGet(ca.orders().get(0)).json();

        MiniClient.Answer answer = client.postAsGet(order.path("certificate").asText());
        String link = answer.headers().values("Link").stream()
                .filter(value -> value.endsWith(";rel=\"alternate\""))
                .findFirst()
                .orElseThrow();
        String alternate = link.substring(1, link.indexOf('>'));

        MiniClient.validate(
                MiniClient.chain(client.postAsGet(alternate).body()),
                ca.alternateRoots().get(0));
    }

    @Test
    void issuesDefectiveCertificatesOnRequest() throws Exception {
        ca.alwaysValid(true);
        client.register();
        KeyPair key = Jdk.newKeyPair();

        ca.defect(Defect.WRONG_KEY);
        assertThat(client.issue(key, "a.example").get(0).getPublicKey()).isNotEqualTo(key.getPublic());
        ca.defect(Defect.MISSING_NAME);
        assertThat(client.issue(key, "a.example", "b.example").get(0).getSubjectAlternativeNames())
                .containsExactly(List.of(2, "a.example"));
        ca.defect(Defect.BROKEN_CHAIN);
        List<X509Certificate> broken = client.issue(key, "a.example");
        assertThatThrownBy(() -> MiniClient.validate(broken, ca.issuerRoot()))
                .isInstanceOf(CertPathValidatorException.class);
        ca.defect(Defect.EXPIRED);
        X509Certificate expired = client.issue(key, "a.example").get(0);
        assertThatThrownBy(expired::checkValidity).isInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void refusesANonceThatWasUsedBefore() throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid()), "");

        assertThat(client.send(client.kid(), jws).code()).isEqualTo(200);
        MiniClient.Answer again = client.send(client.kid(), jws);

        assertThat(again.problem()).isEqualTo("badNonce");
        assertThat(again.headers().get("Replay-Nonce")).isNotNull();
        assertThat(ca.signedBodies()).filteredOn(jws.toString()::equals).hasSize(2);
    }

    @Test
    void refusesANonceThatItDidNotGive() throws IOException {
        client.register();
        ObjectNode header = header(client.kid()).put("nonce", "bm90IG9mIHRoaXMgQ0E");

        assertThat(client.send(client.kid(), client.jws(header, "")).problem()).isEqualTo("badNonce");
    }

    @Test
    void refusesGoodNoncesAtTheRateAskedFor() throws IOException {
        client.register();
        ca.badNonceRate(1, 42);
        assertThat(client.postAsGet(client.kid()).problem()).isEqualTo("badNonce");
        ca.badNonceRate(0, 42);
        assertThat(client.postAsGet(client.kid()).code()).isEqualTo(200);
    }

    @Test
    void refusesAJwsForAnotherUrl() throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid() + "/orders"), "");

        assertThat(client.send(client.kid(), jws).problem()).isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jose+json; charset=utf-8", "application/json"})
    void refusesAnotherContentType(String contentType) throws IOException {
        client.register();
        ObjectNode jws = client.jws(header(client.kid()), "");

        assertThat(client.send(client.kid(), jws, contentType).code()).isEqualTo(415);
    }

    @Test
    void refusesAJwsThatIsNotExactlyFlattenedAndUnpadded() throws IOException {
        client.register();
        ObjectNode extra = client.jws(header(client.kid()), "").put("header", "");
        ObjectNode padded = client.jws(header(client.kid()), "");
        padded.put("signature", padded.path("signature").asText() + "==");

        assertThat(client.send(client.kid(), extra).problem()).isEqualTo("malformed");
        assertThat(client.send(client.kid(), padded).problem()).isEqualTo("malformed");
    }

    @Test
    void refusesASignatureByAnotherKey() throws IOException {
        client.register();
        ObjectNode jws = MiniClient.jws(header(client.kid()), "", MiniClient.newKey());

        MiniClient.Answer answer = client.send(client.kid(), jws);
        assertThat(answer.problem()).isEqualTo("malformed");
        assertThat(answer.body()).contains("signature");
    }

    @Test
    void refusesAJwkWhereAKidIsDueAndTheOtherWayRound() throws IOException {
        client.register();
        String newAccount = client.url("newAccount");

        assertThat(client.postWithJwk(client.kid(), "").problem()).isEqualTo("malformed");
        assertThat(client.post(newAccount, "{\"onlyReturnExisting\":true}").problem())
                .isEqualTo("malformed");
        ObjectNode both = MiniClient.withJwk(header(client.kid()), client.key);
        assertThat(client.send(client.kid(), client.jws(both, "")).problem()).isEqualTo("malformed");
    }

    @Test
    void refusesAnAlgorithmThatIsNotAsymmetricAndNamesThoseItTakes() throws IOException {
        client.register();
        ObjectNode header = header(client.kid()).put("alg", "HS256");

        MiniClient.Answer answer = client.send(client.kid(), client.jws(header, ""));

        assertThat(answer.problem()).isEqualTo("badSignatureAlgorithm");
        assertThat(answer.json().path("algorithms")).hasSize(4);
    }

    @Test
    void refusesAnythingButTheEmptyPayloadForReadingAndTheEmptyObjectForAChallenge() throws IOException {
        client.register();
        MiniClient.Answer order = client.order("example.org");
        String challenge = client.challenge(order, "http-01").path("url").asText();

        assertThat(client.post(order.header("Location"), "{}").problem()).isEqualTo("malformed");
        assertThat(client.post(challenge, "{\"keyAuthorization\":\"x\"}").problem())
                .isEqualTo("malformed");
        assertThat(client.get(order.header("Location")).code()).isEqualTo(405);
        assertThat(ca.status(challenge)).isEqualTo("pending");
    }

    @Test
    void findsAnAccountByItsKey() throws IOException {
        String newAccount = client.url("newAccount");
        String lookUp = "{\"onlyReturnExisting\":true}";

        assertThat(client.postWithJwk(newAccount, lookUp).problem()).isEqualTo("accountDoesNotExist");
        assertThat(client.register().code()).isEqualTo(201);
        MiniClient.Answer found = client.postWithJwk(newAccount, lookUp);
        assertThat(found.code()).isEqualTo(200);
        assertThat(found.header("Location")).isEqualTo(client.kid());
    }

    @Test
    void refusesAccountsWithoutAgreementOrWithBadContacts() throws IOException {
        String newAccount = client.url("newAccount");

        MiniClient.Answer disagreed = client.postWithJwk(newAccount, "{}");
        assertThat(disagreed.problem()).isEqualTo("userActionRequired");
        assertThat(disagreed.headers().values("Link")).anyMatch(link -> link.contains("terms-of-service"));
        assertThat(client.postWithJwk(newAccount, "{\"termsOfServiceAgreed\":true,\"contact\":[\"tel:+1\"]}")
                        .problem())
                .isEqualTo("unsupportedContact");
        assertThat(client.postWithJwk(
                                newAccount,
                                "{\"termsOfServiceAgreed\":true,\"contact\":[\"mailto:a@example.org?cc=b@example.org\"]}")
                        .problem())
                .isEqualTo("invalidContact");
        assertThat(ca.accounts()).isEmpty();
    }

    @Test
    void takesNothingMoreFromADeactivatedAccount() throws IOException {
        client.register();

        assertThat(status(client.post(client.kid(), "{\"status\":\"deactivated\"}")))
                .isEqualTo("deactivated");
        assertThat(client.postAsGet(client.kid()).code()).isEqualTo(401);
    }

    @Test
    void changesTheKeyOfAnAccount() throws IOException {
        client.register();
        String keyChange = client.url("keyChange");
        ECKey newKey = MiniClient.newKey();
        ObjectNode payload = Json.object().put("account", client.kid());
        payload.set("oldKey", Json.parse(client.key.toPublicJWK().toJSONString(), "key"));
        ObjectNode innerHeader =
                MiniClient.withJwk(Json.object().put("alg", "ES256").put("url", keyChange), newKey);
        String inner = MiniClient.jws(innerHeader, payload.toString(), newKey).toString();

        assertThat(client.post(keyChange, inner).code()).isEqualTo(200);
        assertThat(client.postAsGet(client.kid()).problem()).isEqualTo("malformed");
        assertThat(client.send(client.kid(), MiniClient.jws(header(client.kid()), "", newKey))
                        .code())
                .isEqualTo(200);
    }

    @Test
    void requiresAnExternalAccountWhenToldTo() throws Exception {
        byte[] macKey = "a secret of at least thirty-two bytes".getBytes(StandardCharsets.US_ASCII);
        try (TestCa strict = TestCa.builder()
                .externalAccount("kid-1", Base64Url.encode(macKey))
                .start()) {
            MiniClient bound = new MiniClient(strict);
            String url = bound.url("newAccount");
            ObjectNode payload = Json.object().put("termsOfServiceAgreed", true);
            assertThat(bound.postWithJwk(url, payload.toString()).problem()).isEqualTo("externalAccountRequired");

            payload.set("externalAccountBinding", binding(bound, url, macKey));
            assertThat(bound.postWithJwk(url, payload.toString()).code()).isEqualTo(201);
        }
    }

    private static ObjectNode binding(MiniClient bound, String url, byte[] macKey) throws Exception {
        ObjectNode header =
                Json.object().put("alg", "HS256").put("kid", "kid-1").put("url", url);
        ObjectNode jws = bound.jws(header, bound.key.toPublicJWK().toJSONString());
        byte[] input = (jws.path("protected").asText() + "."
                        + jws.path("payload").asText())
                .getBytes(StandardCharsets.US_ASCII);
        Base64URL mac = new MACSigner(macKey).sign(new JWSHeader(JWSAlgorithm.HS256), input);
        return jws.put("signature", mac.toString());
    }

    @Test
    void namesEachIdentifierThatItRejects() throws IOException {
        ca.block("blocked.example");
        client.register();

        MiniClient.Answer answer = client.order("www.blocked.example", "example.org", "blocked.example");

        assertThat(answer.problem()).isEqualTo("rejectedIdentifier");
        assertThat(answer.json().path("subproblems"))
                .extracting(problem -> problem.path("identifier").path("value").asText())
                .containsExactly("www.blocked.example", "blocked.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Example.org", "ex_ample.org", "example.org.", "-a.example", "a..example", "*.*.example", ""})
    void refusesNamesThatAreNotCanonical(String name) throws IOException {
        client.register();

        assertThat(client.order(name).problem()).isEqualTo("malformed");
    }

    @Test
    void refusesAddressesThatAreNotCanonicalAndUnknownTypes() throws IOException {
        client.register();

        assertThat(order("ip", "192.0.2.1").code()).isEqualTo(201);
        assertThat(order("ip", "2001:db8::1").code()).isEqualTo(201);
        assertThat(order("ip", "192.0.2.01").problem()).isEqualTo("malformed");
        assertThat(order("ip", "2001:DB8::1").problem()).isEqualTo("malformed");
        assertThat(order("ip", "2001:db8:0:0:0:0:0:1").problem()).isEqualTo("malformed");
        assertThat(order("email", "*@example.org").problem()).isEqualTo("malformed");
        assertThat(order("hardware-module", " ").problem()).isEqualTo("malformed");
        assertThat(order("bundleEID", "dtn://a").problem()).isEqualTo("unsupportedIdentifier");
    }

    private MiniClient.Answer order(String type, String value) throws IOException {
        ObjectNode payload = Json.object();
        payload.withArray("identifiers").add(new Identifier(type, value).toJson());
        return client.post(client.url("newOrder"), payload.toString());
    }

    @Test
    void refusesAProfileThatItDoesNotAdvertise() throws IOException {
        client.register();
        String order = "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"example.org\"}],\"profile\":\"%s\"}";
        String newOrder = client.url("newOrder");

        assertThat(client.post(newOrder, order.formatted("eternal")).problem()).isEqualTo("invalidProfile");
        assertThat(client.post(newOrder, order.formatted("shortlived"))
                        .json()
                        .path("profile")
                        .asText())
                .isEqualTo("shortlived");
    }

    @Test
    void offersTheChallengesThatFitTheIdentifier() throws IOException {
        client.register();

        assertThat(challengeTypes(client.order("example.org")))
                .containsExactly("http-01", "tls-alpn-01", "dns-01", "dns-account-01", "dns-persist-01");
        assertThat(challengeTypes(client.order("*.example.org")))
                .containsExactly("dns-01", "dns-account-01", "dns-persist-01");
        assertThat(challengeTypes(order("ip", "192.0.2.1"))).containsExactly("http-01", "tls-alpn-01");
        assertThat(challengeTypes(order("email", "a@example.org"))).containsExactly("email-reply-00");
        assertThat(challengeTypes(order("permanent-identifier", "serial 1"))).containsExactly("device-attest-01");
        assertThat(challengeTypes(order("hardware-module", "MAA"))).containsExactly("device-attest-01");
        JsonNode wildcard = client.authorization(client.order("*.example.org"));
        assertThat(wildcard.path("wildcard").asBoolean()).isTrue();
        assertThat(wildcard.path("identifier").path("value").asText()).isEqualTo("example.org");
    }

    private List<String> challengeTypes(MiniClient.Answer order) throws IOException {
        return client.authorization(order).path("challenges").findValuesAsText("type");
    }

    @Test
    void leavesAnOrderReadyAfterABadCsr() throws Exception {
        ca.ordersReadyAtOnce(true);
        client.register();
        MiniClient.Answer order = client.order("example.org");
        assertThat(status(order)).isEqualTo("ready");
        String finalizeUrl = order.json().path("finalize").asText();

        KeyPair accountKey = new KeyPair(client.key.toPublicKey(), client.key.toPrivateKey());
        assertThat(client.post(finalizeUrl, MiniClient.csr(accountKey, "example.org"))
                        .problem())
                .isEqualTo("badCSR");
        KeyPair key = Jdk.newKeyPair();
        assertThat(client.post(finalizeUrl, MiniClient.csr(key, "example.org", "www.example.org"))
                        .problem())
                .isEqualTo("badCSR");
        assertThat(status(client.postAsGet(order.header("Location")))).isEqualTo("ready");
        assertThat(status(client.post(finalizeUrl, MiniClient.csr(key, "example.org"))))
                .isEqualTo("processing");
    }

    @Test
    void makesAnOrderInvalidWhenIssuanceFails() throws Exception {
        ca.ordersReadyAtOnce(true).issuanceFails("caa");
        client.register();
        MiniClient.Answer order = client.order("example.org");
        client.post(order.json().path("finalize").asText(), MiniClient.csr(Jdk.newKeyPair(), "example.org"));

        JsonNode invalid = client.postAsGet(order.header("Location")).json();

        assertThat(invalid.path("status").asText()).isEqualTo("invalid");
        assertThat(invalid.path("error").path("type").asText()).isEqualTo(Problem.URN + "caa");
    }

    @Test
    void revokesOnceForTheAccountOrTheKeyOfTheCertificate() throws Exception {
        ca.alwaysValid(true);
        client.register();
        KeyPair key = Jdk.newKeyPair();
        X509Certificate first = client.issue(key, "example.org").get(0);
        X509Certificate second = client.issue(key, "example.org").get(0);
        MiniClient stranger = new MiniClient(ca);
        stranger.register();
        String url = client.url("revokeCert");

        assertThat(stranger.post(url, revocation(first, 1)).problem()).isEqualTo("unauthorized");
        assertThat(client.post(url, revocation(first, 7)).problem()).isEqualTo("badRevocationReason");
        assertThat(ca.isRevoked(first)).isFalse();
        assertThat(client.post(url, revocation(first, 1)).code()).isEqualTo(200);
        assertThat(ca.isRevoked(first)).isTrue();
        assertThat(client.post(url, revocation(first, 1)).problem()).isEqualTo("alreadyRevoked");

        ECKey certificateKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) key.getPublic())
                .privateKey(key.getPrivate())
                .build();
        ObjectNode header = MiniClient.withJwk(MiniClient.header(url, client.nonce()), certificateKey);
        assertThat(client.send(url, MiniClient.jws(header, revocation(second, 1), certificateKey))
                        .code())
                .isEqualTo(200);
    }

    @Test
    void revokesForAnotherAccountThatIsAuthorizedForAllNames() throws Exception {
        ca.alwaysValid(true);
        client.register();
        X509Certificate leaf =
                client.issue(Jdk.newKeyPair(), "a.example", "b.example").get(0);
        MiniClient other = new MiniClient(ca);
        other.register();
        String url = client.url("revokeCert");

        other.issue(Jdk.newKeyPair(), "a.example");
        assertThat(other.post(url, revocation(leaf, 4)).problem()).isEqualTo("unauthorized");
        other.issue(Jdk.newKeyPair(), "b.example");
        assertThat(other.post(url, revocation(leaf, 4)).code()).isEqualTo(200);
        assertThat(ca.isRevoked(leaf)).isTrue();
    }

    @Test
    void suggestsAWindowForTheRenewalOfACertificate() throws Exception {
        ca.alwaysValid(true).retryAfter(Endpoint.RENEWAL_INFO, "3600");
        client.register();
        X509Certificate leaf = client.issue(Jdk.newKeyPair(), "a.example").get(0);
        String url = client.url("renewalInfo") + "/" + RenewalService.idOf(leaf);

        MiniClient.Answer usual = client.get(url);
        assertThat(window(usual, "start")).isAfter(Instant.now()).isBefore(window(usual, "end"));
        assertThat(window(usual, "end")).isBefore(leaf.getNotAfter().toInstant());
        assertThat(usual.header("Retry-After")).isEqualTo("3600");

        client.post(client.url("revokeCert"), revocation(leaf, 4));
        assertThat(window(client.get(url), "end")).isBefore(Instant.now());

        Instant start = Instant.parse("2026-12-01T00:00:00.123Z");
        ca.renewalWindow(leaf, start, start.minusSeconds(1));
        assertThat(window(client.get(url), "start")).isEqualTo(start);
        assertThat(client.get(client.url("renewalInfo") + "/none.AQ").code()).isEqualTo(404);
        assertThatThrownBy(() -> ca.renewalWindow(ca.issuerRoot(), start, start))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Instant window(MiniClient.Answer answer, String member) {
        return Instant.parse(answer.json().path("suggestedWindow").path(member).asText());
    }

    private static String revocation(X509Certificate certificate, int reason) throws Exception {
        return Json.object()
                .put("certificate", Base64Url.encode(certificate.getEncoded()))
                .put("reason", reason)
                .toString();
    }

    @Test
    void listsTheOrdersOfAnAccountInPages() throws IOException {
        client.register();
        for (int i = 0; i < 4; i++) {
            client.order("example.org");
        }

        MiniClient.Answer first = client.postAsGet(client.kid() + "/orders");
        MiniClient.Answer second = client.postAsGet(client.kid() + "/orders/1");

        assertThat(first.json().path("orders")).hasSize(3);
        assertThat(first.headers().values("Link")).contains("<" + client.kid() + "/orders/1>;rel=\"next\"");
        assertThat(second.json().path("orders")).hasSize(1);
    }

    @Test
    void reusesAuthorizationsAndDeactivatesThem() throws IOException {
        ca.alwaysValid(true).reuseAuthorizations(true);
        client.register();
        MiniClient.Answer order = client.order("example.org");
        client.decide(order, client.challenge(order, "dns-01"));

        MiniClient.Answer second = client.order("example.org");
        assertThat(status(second)).isEqualTo("ready");
        String authorization = second.json().path("authorizations").path(0).asText();
        assertThat(status(client.post(authorization, "{\"status\":\"deactivated\"}")))
                .isEqualTo("deactivated");
        assertThat(status(client.order("example.org"))).isEqualTo("pending");
    }

    private ObjectNode header(String url) throws IOException {
        return MiniClient.header(url, client.nonce()).put("kid", client.kid());
    }

    private static String status(MiniClient.Answer answer) {
        return answer.json().path("status").asText();
    }
}
