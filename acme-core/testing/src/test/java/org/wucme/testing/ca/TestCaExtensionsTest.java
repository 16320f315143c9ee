package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The challenges of the extensions of RFC 8555 are validated for real too; what passes is shown by the client's tests. */
class TestCaExtensionsTest {
    private static final String RECORD = "_validation-persist.example.org";
    private static final String ISSUER = "testca.example";

    private final TestCa ca = TestCa.start();
    private final MiniClient client = new MiniClient(ca);

    @AfterEach
    void close() {
        ca.close();
    }

    @Test
    void dnsAccount01IsLookedForAtTheAccountsOwnName() throws IOException {
        client.register();
        MiniClient.Answer order = client.order("example.org");
        JsonNode challenge = client.challenge(order, "dns-account-01");
        String value = Base64Url.encode(ChallengeAnswer.sha256(client.keyAuthorization(challenge)));
        ca.txt("_acme-challenge.example.org", value);
        ca.txt("_ujmmovf2vn55tgye._acme-challenge.example.org", value);

        assertThat(client.decide(order, challenge)).isEqualTo("invalid");
        assertThat(error(order)).isEqualTo("dns");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"; policy=wildcard", "; POLICY=x; policy=WildCard", "; persistUntil=99999999999; policy=wildcard"
            })
    void dnsPersist01TakesARecordForTheWildcard(String parameters) throws IOException {
        assertThat(persist("*.example.org", ISSUER + "; accounturi=" + register() + parameters))
                .isEqualTo("ready");
    }

    @Test
    void dnsPersist01TakesOneGoodRecordAmongOthers() throws IOException {
        ca.txt(RECORD, "other.example; accounturi=https://other.example/1");

        assertThat(persist("example.org", "ca." + ISSUER + ";accounturi=" + register()))
                .isEqualTo("ready");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other.example; accounturi=ACCOUNT",
                ISSUER,
                ISSUER + "; accounturi=ACCOUNT1",
                ISSUER + "; accounturi=ACCOUNT; persistUntil=1000000000"
            })
    void dnsPersist01IsNotMetByARecordForOthersOrOfThePast(String record) throws IOException {
        assertThat(persist("example.org", record.replace("ACCOUNT", register())))
                .isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"; persistUntil=soon", "; accounturi=ACCOUNT", "; policy"})
    void dnsPersist01IsNotMetByAMalformedRecord(String parameters) throws IOException {
        String account = register();

        assertThat(persist("example.org", ISSUER + "; accounturi=" + account + parameters.replace("ACCOUNT", account)))
                .isEqualTo("malformed");
    }

    @Test
    void dnsPersist01ForAWildcardNeedsThePolicy() throws IOException {
        assertThat(persist("*.example.org", ISSUER + "; accounturi=" + register()))
                .isEqualTo("unauthorized");
    }

    @Test
    void dnsPersist01OfTheSecondDraftDoesNotTakeTheAccountsUrl() throws IOException {
        ca.dnsPersist(DnsPersistDraft.DRAFT_02);

        assertThat(persist("example.org", ISSUER + "; accounturi=" + register()))
                .isEqualTo("unauthorized");
    }

    @Test
    void theHashOfTheSecondDraftMayHoldForAllDomains() throws IOException {
        ca.dnsPersist(DnsPersistDraft.DRAFT_02);
        String account = register();
        String hashed = Base64Url.encode(ChallengeAnswer.sha256("\u0001*" + Registry.thumbprint(client.key) + account));
        JsonNode meta = client.directory().path("meta");

        assertThat(meta.path("issuerDomainNames")).extracting(JsonNode::asText).contains(ISSUER);
        assertThat(persist(
                        "example.org",
                        ISSUER + "; accounturi="
                                + meta.path("accountHashPrefix").asText() + "sha-256/" + hashed))
                .isEqualTo("ready");
    }

    @ParameterizedTest
    @EnumSource(DnsPersistDraft.class)
    void theDirectoryTellsTheNamesOfTheSecondDraftOnly(DnsPersistDraft draft) throws IOException {
        ca.dnsPersist(draft);

        assertThat(client.directory().path("meta").has("accountHashPrefix"))
                .isEqualTo(draft == DnsPersistDraft.DRAFT_02);
    }

    @Test
    void anEmailNeedsAReplyWithTheRightResponse() throws IOException {
        client.register();
        MiniClient.Answer silent = order("email", "a@example.org");
        assertThat(client.decide(silent, client.challenge(silent, "email-reply-00")))
                .isEqualTo("invalid");
        assertThat(error(silent)).isEqualTo("unauthorized");

        MiniClient.Answer wrong = order("email", "a@example.org");
        ca.mail(
                "Re: " + ca.mailSubject("a@example.org"),
                "-----BEGIN ACME RESPONSE-----\r\nabc\r\n-----END ACME RESPONSE-----");
        assertThat(client.decide(wrong, client.challenge(wrong, "email-reply-00")))
                .isEqualTo("invalid");
        assertThat(error(wrong)).isEqualTo("incorrectResponse");
        assertThatIllegalArgumentException().isThrownBy(() -> ca.mailSubject("b@example.org"));
    }

    @Test
    void anAttestationMustBeThereAndBeAboutTheChallenge() throws IOException {
        client.register();
        MiniClient.Answer order = order("permanent-identifier", "serial 1");
        JsonNode challenge = client.challenge(order, "device-attest-01");

        assertThat(client.post(challenge.path("url").asText(), "{}").problem()).isEqualTo("malformed");
        assertThat(client.decide(order, challenge, "{\"attObj\":\"AAAA\"}")).isEqualTo("invalid");
        assertThat(error(order)).isEqualTo("badAttestationStatement");
    }

    private String register() throws IOException {
        client.register();
        return client.kid();
    }

    /** The order's status with this record, or what was wrong. */
    private String persist(String name, String record) throws IOException {
        ca.txt(RECORD, record);
        MiniClient.Answer order = client.order(name);
        String status = client.decide(order, client.challenge(order, "dns-persist-01"));
        return status.equals("invalid") ? error(order) : status;
    }

    private MiniClient.Answer order(String type, String value) throws IOException {
        return client.post(
                client.url("newOrder"),
                Json.object()
                        .set("identifiers", Json.object().arrayNode().add(new Identifier(type, value).toJson()))
                        .toString());
    }

    private String error(MiniClient.Answer order) throws IOException {
        JsonNode challenge = client.authorization(order).path("challenges").path(0);
        return challenge.path("error").path("type").asText().replace(Problem.URN, "");
    }
}
