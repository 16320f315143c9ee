package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.KeyType;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** Accounts: RFC 8555 section 7.3. */
class AccountTest extends AtTestCa {

    private static final String MAIL = "mailto:hostmaster@example.org";

    private final KeyPair key = TestClients.newKey();

    private Account register() throws IOException {
        return client.register(Registration.with(key).contact(MAIL).agreeToTerms());
    }

    @Test
    void registersWithContacts() throws IOException {
        Account account = register();

        assertThat(ca.accounts()).hasSize(1);
        assertThat(account.url()).isEqualTo(ca.accounts().get(0).url());
        AccountInfo info = account.fetch();
        assertThat(info.url()).isEqualTo(account.url());
        assertThat(info.status()).isEqualTo(AccountStatus.VALID);
        assertThat(info.contacts()).containsExactly(MAIL);
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "EC_P384", "RSA_2048", "ED25519"})
    void signsWithKeysOfEveryKindThatCasTake(KeyType type) throws IOException {
        Account account = client.register(Registration.with(type.generate()).agreeToTerms());

        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void givesTheSameAccountForTheSameKey() throws IOException {
        String url = register().url();

        assertThat(register().url()).isEqualTo(url);
        assertThat(ca.accounts()).hasSize(1);
    }

    @Test
    void saysWhichTermsAHumanMustAgreeToAndAsksOnce() {
        assertThatExceptionOfType(AcmeUserActionException.class)
                .isThrownBy(() -> client.register(Registration.with(key)))
                .withMessageContaining("terms of service")
                .satisfies(e -> {
                    assertThat(e.termsOfService()).contains("https://example.org/terms-1");
                    assertThat(e.actionUrl()).contains("https://example.org/terms-1");
                    assertThat(e.isRetryable()).isFalse();
                });
        assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isEqualTo(1);
        assertThat(ca.accounts()).isEmpty();
    }

    @Test
    void findsTheAccountOfAKey() throws IOException {
        String url = register().url();

        assertThat(client.findAccount(key)).map(Account::url).contains(url);
    }

    @Test
    void findsNothingForAnUnknownKeyAndCreatesNothing() throws IOException {
        assertThat(client.findAccount(key)).isEmpty();
        assertThat(ca.accounts()).isEmpty();
    }

    @Test
    void doesNotTakeAnyOtherRefusalForAnAbsentAccount() throws IOException {
        ca.makeStatus(register().url(), "deactivated");

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.findAccount(key))
                .withMessageContaining("deactivated");
    }

    @Test
    void usesAnAccountThatIsKnownByItsUrlWithoutAsking() throws IOException {
        String url = register().url();
        ca.clearLog();

        Account known = client.account(url, key);
        assertThat(ca.count()).isZero();

        assertThat(known.fetch().contacts()).containsExactly(MAIL);
    }

    @Test
    void replacesContacts() throws IOException {
        AccountInfo info = register().updateContacts(List.of("mailto:a@example.org", "mailto:b@example.org"));

        assertThat(info.contacts()).containsExactly("mailto:a@example.org", "mailto:b@example.org");
        assertThat(ca.accounts().get(0).contact()).isEqualTo(info.contacts());
    }

    @Test
    void removesAllContacts() throws IOException {
        assertThat(register().updateContacts(List.of()).contacts()).isEmpty();
        assertThat(ca.accounts().get(0).contact()).isEmpty();
    }

    @Test
    void isRefusedOnceDeactivated() throws IOException {
        Account account = register();

        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("www.example.test")))
                .withMessageContaining("deactivated")
                .satisfies(e -> {
                    assertThat(e.problem().is(ProblemType.UNAUTHORIZED)).isTrue();
                    assertThat(e.problem().status()).isEqualTo(401);
                    assertThat(e.isRetryable()).isFalse();
                });
    }

    @Test
    void refusesWhatIsNoContactBeforeAnythingIsSent() throws IOException {
        Account account = register();
        ca.clearLog();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.updateContacts(List.of("mailto:a@example.org,b@example.org")))
                .withMessageContaining("not a contact");
        assertThat(ca.count()).isZero();
    }

    @Test
    void leadsAHumanToChangedTermsWhereverTheCaAsksForThem() throws IOException {
        Account account = register();
        ca.changeTerms("https://example.org/terms-2");

        assertThatExceptionOfType(AcmeUserActionException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("www.example.test")))
                .withMessageContaining("creating new order")
                .satisfies(e -> {
                    assertThat(e.termsOfService()).contains("https://example.org/terms-2");
                    assertThat(e.actionUrl()).contains("https://example.org/terms-2");
                    assertThat(e.isRetryable()).isFalse();
                });
        assertThatExceptionOfType(AcmeUserActionException.class).isThrownBy(account::fetch);
        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(1);

        ca.agreeToTerms();
        assertThat(account.createOrder(OrderRequest.of("www.example.test")).status())
                .isEqualTo(OrderStatus.PENDING);
    }

    @Test
    void namesTheAlgorithmsThatTheCaAcceptsInPlaceOfTheKeys() {
        String problem = "{\"type\":\"urn:ietf:params:acme:error:badSignatureAlgorithm\",\"detail\":\"Not EdDSA\","
                + "\"algorithms\":[\"ES256\",\"RS256\"]}";
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.status(400, "application/problem+json", problem));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.register(
                        Registration.with(KeyType.ED25519.generate()).agreeToTerms()))
                .withMessageContaining("Not EdDSA; it accepts ES256, RS256")
                .satisfies(e -> assertThat(e.problem().algorithms()).containsExactly("ES256", "RS256"));
        assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isEqualTo(1);
    }

    @Test
    void saysWhyTheCaRefusesAContact() {
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.register(
                        Registration.with(key).contact("mailto:root@localhost").agreeToTerms()))
                .withMessageContaining("root@localhost")
                .matches(e -> e.problem().is(ProblemType.INVALID_CONTACT));
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.register(
                        Registration.with(key).contact("tel:+12025550100").agreeToTerms()))
                .matches(e -> e.problem().is(ProblemType.UNSUPPORTED_CONTACT));
    }

    @Test
    void isFoundDeactivatedThoughTheReplyWasLost() throws IOException {
        Account account = register();
        ca.fault(Endpoint.ACCOUNT, Fault.resetAfter());

        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);
        assertThat(ca.payloads(Endpoint.ACCOUNT))
                .filteredOn(sent -> !sent.isEmpty())
                .hasSize(1);
    }

    @Test
    void isDeactivatedThoughTheFirstTryCameToNothing() throws IOException {
        Account account = register();
        ca.fault(Endpoint.ACCOUNT, Fault.resetBefore());

        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);
        assertThat(ca.accounts().get(0).status()).isEqualTo("deactivated");
    }

    @Test
    void isNotTakenForDeactivatedWhenTheCaRefusesAtOnce() throws IOException {
        Account account = register();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(403, "unauthorized", "not you"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::deactivate)
                .withMessageContaining("not you");
        assertThat(ca.count(Endpoint.ACCOUNT)).isEqualTo(1);
    }

    @Test
    void aNewAccountIsUsableThoughNotEveryServerOfTheCaKnowsItYet() throws IOException {
        Account account = TestClients.register(client);
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "accountDoesNotExist", "no such account"), 3);
        ca.clearLog();

        account.createOrder(OrderRequest.of("www.example.test"));

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(4);
        assertThat(time.sleeps().stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void anAccountThatIsNotNewOrStaysUnknownIsReportedAsSuch() throws IOException {
        Account account = TestClients.register(client);
        ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "accountDoesNotExist", "no such account"), 1_000);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("www.example.test")))
                .withMessageContaining("no such account");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isBetween(5L, 15L);
        ca.clearLog();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("www.example.test")));
        assertThat(ca.count(Endpoint.NEW_ORDER)).isOne();
    }
}
