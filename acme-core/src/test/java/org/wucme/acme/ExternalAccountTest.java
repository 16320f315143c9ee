package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.ExternalAccount.MacAlgorithm;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** External account binding: RFC 8555 section 7.3.4. */
class ExternalAccountTest {

    private static final String KEY_ID = "kid-1";
    private static final byte[] SECRET =
            "\u00fb\u00ff\u00fesecret of two dozen bytes".getBytes(StandardCharsets.ISO_8859_1);
    private static final String MAC_KEY =
            Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET);

    private static Registration registration() {
        return Registration.with(TestClients.newKey()).agreeToTerms();
    }

    private static TestCa ca(String macKey) {
        return TestCa.builder().externalAccount(KEY_ID, macKey).start();
    }

    private static void assertBinds(TestCa ca, ExternalAccount account) throws IOException {
        try (AcmeClient client = TestClients.client(ca)) {
            Account bound = client.register(registration().externalAccount(account));

            assertThat(bound.fetch().status()).isEqualTo(AccountStatus.VALID);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bindsAnAccountWithEachAlgorithm(MacAlgorithm algorithm) throws IOException {
        try (TestCa ca = ca(MAC_KEY)) {
            assertBinds(ca, ExternalAccount.of(KEY_ID, MAC_KEY).algorithm(algorithm));
        }
    }

    @Test
    void isEqualIfAllOfItIs() {
        ExternalAccount account = ExternalAccount.of(KEY_ID, MAC_KEY);

        assertThat(account)
                .isEqualTo(ExternalAccount.of(KEY_ID, MAC_KEY))
                .hasSameHashCodeAs(ExternalAccount.of(KEY_ID, MAC_KEY))
                .isNotEqualTo(ExternalAccount.of(KEY_ID, "c2hvcnQ"))
                .isNotEqualTo(ExternalAccount.of("kid-2", MAC_KEY))
                .isNotEqualTo(account.algorithm(MacAlgorithm.HS512));
        assertThat(account.hashCode())
                .isNotEqualTo(ExternalAccount.of(KEY_ID, "c2hvcnQ").hashCode());
    }

    @Test
    void takesAKeyShorterThanTheDigest() throws IOException {
        try (TestCa ca = ca("c2hvcnQ")) {
            assertBinds(ca, ExternalAccount.of(KEY_ID, "c2hvcnQ"));
        }
    }

    @Test
    void takesTheKeyInAnyDress() throws IOException {
        String plain = Base64.getEncoder().encodeToString(SECRET);
        assertThat(plain).contains("+", "/").endsWith("=");
        List<String> dresses = List.of(
                MAC_KEY,
                Base64.getUrlEncoder().encodeToString(SECRET),
                plain,
                plain.replace("=", ""),
                " \t" + MAC_KEY + "\r\n",
                plain + "\n");
        try (TestCa ca = ca(MAC_KEY)) {
            for (String dress : dresses) {
                assertBinds(ca, ExternalAccount.of(" " + KEY_ID + "\n", dress));
            }
        }
    }

    @Property
    void theFormOfTheKeyIsOfNoMatter(@ForAll @Size(min = 1, max = 100) byte[] secret) {
        JwsKey account = JwsKey.of(TestClients.newKey());
        String base64url = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String base64 = Base64.getEncoder().encodeToString(secret);

        assertThat(ExternalAccount.of(KEY_ID, base64).bind(account, "https://ca.test/new"))
                .isEqualTo(ExternalAccount.of(KEY_ID, base64url).bind(account, "https://ca.test/new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "===", "not base64", "se*cret", "s"})
    void refusesWhatIsNoKeyAndDoesNotRepeatIt(String macKey) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExternalAccount.of(KEY_ID, macKey))
                .withMessage("the MAC key of the external account \"kid-1\" is not base64url: give it exactly as the CA"
                        + " shows it")
                .withNoCause();
    }

    @Test
    void refusesAnEmptyKeyIdentifier() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExternalAccount.of(" ", MAC_KEY))
                .withMessageContaining("key identifier");
    }

    @Test
    void neverShowsTheKey() {
        assertThat(ExternalAccount.of(KEY_ID, MAC_KEY)).hasToString("ExternalAccount[kid-1, HS256]");
    }

    @Test
    void saysWhatToGetBeforeAnAccountIsAskedFor() {
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            assertThatExceptionOfType(AcmeUserActionException.class)
                    .isThrownBy(() -> client.register(registration()))
                    .withMessageContaining("registering account at")
                    .withMessageContaining("get a key identifier and a MAC key from the CA")
                    .withMessageContaining("Registration.externalAccount")
                    .matches(e -> e.problem().is(ProblemType.EXTERNAL_ACCOUNT_REQUIRED))
                    .matches(e -> !e.isRetryable());
            assertThat(ca.payloads(Endpoint.NEW_ACCOUNT))
                    .singleElement()
                    .asString()
                    .contains("onlyReturnExisting");
        }
    }

    @Test
    void saysWhatToGetWhenTheDirectoryKeptSilent() throws IOException {
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.remove("meta")));

            assertThatExceptionOfType(AcmeUserActionException.class)
                    .isThrownBy(() -> client.register(registration()))
                    .withMessageContaining("newAccount needs an externalAccountBinding; get a key identifier");
            assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isEqualTo(1);
        }
    }

    @Test
    void reportsWhatTheCaSaysOfAWrongKey() throws IOException {
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            assertThatExceptionOfType(AcmeProblemException.class)
                    .isThrownBy(() ->
                            client.register(registration().externalAccount(ExternalAccount.of(KEY_ID, "b3RoZXI"))))
                    .withMessageContaining("made with another key")
                    .withMessageNotContaining("b3RoZXI")
                    .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
            assertThat(ca.accounts()).isEmpty();
        }
    }

    @Test
    void isBoundOnceThoughTheReplyIsLost() throws IOException {
        try (TestCa ca = ca(MAC_KEY)) {
            ca.fault(Endpoint.NEW_ACCOUNT, Fault.resetAfter());

            assertBinds(ca, ExternalAccount.of(KEY_ID, MAC_KEY));

            assertThat(ca.accounts()).hasSize(1);
        }
    }

    @Test
    void isNotNeededForAKeyThatHasAnAccountAlready() throws IOException {
        Registration registration = registration();
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            Account bound = client.register(registration.externalAccount(ExternalAccount.of(KEY_ID, MAC_KEY)));

            assertThat(client.register(registration).url()).isEqualTo(bound.url());
        }
    }

    @Test
    void mayBeSpentWhenTheKeyHasAnAccountAlready() throws IOException {
        Registration registration = registration().externalAccount(ExternalAccount.of(KEY_ID, MAC_KEY));
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            Account bound = client.register(registration);
            ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "unauthorized", "this key was used"));

            assertThat(client.register(registration).url()).isEqualTo(bound.url());
        }
    }

    @Test
    void isAskedForWhereNoAccountCanBeLookedUp() {
        try (TestCa ca = ca(MAC_KEY);
                AcmeClient client = TestClients.client(ca)) {
            ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "unauthorized", "no look-up without a binding"));

            assertThatExceptionOfType(AcmeUserActionException.class)
                    .isThrownBy(() -> client.register(registration()))
                    .withMessageContaining("get a key identifier and a MAC key from the CA")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }
}
