package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges what TestCa makes of the extensions of orders, where a good client never goes. */
class TestCaOrderTest {
    private final TestCa ca = TestCa.builder()
            .preAuthorization()
            .subdomainAuth()
            .delegation("https://owner.example/1")
            .autoRenewal(new TestCa.AutoRenewal(Duration.ofDays(1), Duration.ofDays(365), true))
            .start();
    private final MiniClient client = new MiniClient(ca);

    @BeforeEach
    void register() throws IOException {
        client.register();
    }

    @AfterEach
    void close() {
        ca.close();
    }

    private MiniClient.Answer newOrder(String identifierMembers, String members) throws IOException {
        String payload =
                "{'identifiers':[{'type':'dns','value':'a.example.org'" + identifierMembers + "}]" + members + "}";
        return client.post(client.url("newOrder"), payload.replace('\'', '"'));
    }

    @Test
    void advertisesWhatItWasGiven() throws IOException {
        assertThat(client.directory().path("newAuthz").asText())
                .startsWith(ca.directoryUrl().replace("directory", ""));
        assertThat(client.directory().at("/meta/subdomainAuthAllowed").asBoolean())
                .isTrue();
        assertThat(client.directory().at("/meta/delegation-enabled").asBoolean())
                .isTrue();
        assertThat(client.directory().at("/meta/auto-renewal/min-lifetime").asLong())
                .isEqualTo(86400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'end-date':'2000-01-01T00:00:00Z','lifetime':3600",
                "'end-date':'2999-01-01T00:00:00Z','lifetime':345600",
                "'lifetime':345600",
                "'end-date':'tomorrow','lifetime':345600"
            })
    void refusesRenewalBeyondItsLimits(String members) throws IOException {
        assertThat(newOrder("", ",'auto-renewal':{" + members + "}").problem()).isEqualTo("malformed");
    }

    @Test
    void refusesRenewalTogetherWithNotAfter() throws IOException {
        assertThat(newOrder(
                                "",
                                ",'notAfter':'2999-01-01T00:00:00Z',"
                                        + "'auto-renewal':{'end-date':'2000-01-01T00:00:00Z','lifetime':345600}")
                        .json()
                        .path("detail")
                        .asText())
                .contains("notAfter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.org", "ample.org", "a.example.org"})
    void refusesAnAncestorThatIsNone(String ancestor) throws IOException {
        assertThat(newOrder(",'ancestorDomain':'" + ancestor + "'", "").problem())
                .isEqualTo("malformed");
    }

    @Test
    void repeatsTheAncestor() throws IOException {
        assertThat(newOrder(",'ancestorDomain':'example.org'", "")
                        .json()
                        .at("/identifiers/0/ancestorDomain")
                        .asText())
                .isEqualTo("example.org");
    }

    @Test
    void refusesToAuthorizeAWildcardAhead() throws IOException {
        String payload = "{\"identifier\":{\"type\":\"dns\",\"value\":\"*.example.org\"}}";
        assertThat(client.post(client.url("newAuthz"), payload).problem()).isEqualTo("malformed");
    }

    @Test
    void refusesAPredecessorOfAnotherCa() throws Exception {
        ca.alwaysValid(true);
        client.issue(Jdk.newKeyPair(), "a.example.org");

        MiniClient.Answer answer = newOrder("", ",'replaces':'AAAA.BBBB'");

        assertThat(answer.problem()).isEqualTo("malformed");
        assertThat(answer.code()).isEqualTo(400);
    }
}
