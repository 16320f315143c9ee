package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.RemoteSigner;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** Accounts at a CA that we did not write: binding, change of the key, list of orders, revocation, deactivation. */
@RequiresPebble
class PebbleAccountIT {

    private static final String KEY_ID = "kid-1";
    private static final String MAC_KEY = // Pebble wants a key as long as the longest digest.
            "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12WzWNDZM6eQGHWpSRTPal5eIUYFTu7EajV";
    private static final int ORDERS_PER_PAGE = 3;

    private static Pebble pebble;
    private static Http01Server server;

    private AcmeClient client;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start(Pebble.options()
                .requireExternalAccountBinding(Map.of(KEY_ID, MAC_KEY))
                .ordersPerPage(ORDERS_PER_PAGE));
        server = Http01Server.start(pebble.httpPort());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        pebble.close();
    }

    @BeforeEach
    void connect() {
        client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private Account register(KeyPair key) throws IOException {
        return client.register(
                Registration.with(key).agreeToTerms().externalAccount(ExternalAccount.of(KEY_ID, MAC_KEY)));
    }

    private Account register() throws IOException {
        return register(TestClients.newKey());
    }

    @ParameterizedTest
    @EnumSource
    void bindsAnAccount(ExternalAccount.MacAlgorithm algorithm) throws IOException {
        ExternalAccount external = ExternalAccount.of(KEY_ID, MAC_KEY).algorithm(algorithm);

        Account account = client.register(
                Registration.with(TestClients.newKey()).agreeToTerms().externalAccount(external));

        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void bindsNobodyWithAWrongKey() {
        ExternalAccount wrong = ExternalAccount.of(KEY_ID, "A" + MAC_KEY.substring(1));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.register(
                        Registration.with(TestClients.newKey()).agreeToTerms().externalAccount(wrong)))
                .matches(e -> !e.isRetryable());
    }

    @Test
    void saysThatAnAccountMustBeBound() {
        assertThatExceptionOfType(AcmeUserActionException.class)
                .isThrownBy(() ->
                        client.register(Registration.with(TestClients.newKey()).agreeToTerms()))
                .withMessageContaining("Registration.externalAccount");
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "EC_P384", "RSA_2048"})
    void givesAnAccountAnotherKey(KeyType type) throws IOException {
        KeyPair oldKey = TestClients.newKey();
        Account account = register(oldKey);
        KeyPair newKey = type.generate();
        List<KeyPair> kept = new ArrayList<>();

        Account renewed = account.changeKey(newKey, kept::add);

        assertThat(kept).containsExactly(newKey);
        assertThat(renewed.url()).isEqualTo(account.url());
        assertThat(renewed.fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(account::fetch);
        assertThat(client.findAccount(newKey)).map(Account::url).contains(account.url());
        assertThat(client.findAccount(oldKey)).isEmpty();
    }

    @Test
    void findsTheChangeOfAKeyDoneWhenItIsAskedForOnceMore() throws IOException {
        Account account = register();
        KeyPair newKey = TestClients.newKey();
        account.changeKey(newKey, key -> {});

        assertThat(account.changeKey(newKey, key -> {}).fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void refusesTheKeyOfAnotherAccount() throws IOException {
        KeyPair taken = TestClients.newKey();
        Account holder = register(taken);
        Account account = register();
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.changeKey(taken, key -> {}))
                .withMessageContaining(holder.url());
        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void isDeactivatedForGood() throws IOException {
        KeyPair key = TestClients.newKey();
        Account account = register(key);

        assertThat(account.deactivate().status()).isEqualTo(AccountStatus.DEACTIVATED);

        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(account::fetch);
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of("late.example.test")));
    }

    @Test
    void listsOrdersOfSeveralPages() throws IOException {
        Account account = register();
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 2 * ORDERS_PER_PAGE + 1; i++) {
            orders.add(account.createOrder(OrderRequest.of("n" + i + ".orders.test"))
                    .url());
        }

        assertThat(account.fetchOrderUrls().orElseThrow()).containsExactlyInAnyOrderElementsOf(orders);
    }

    @Test
    void revokesByTheAccountThatGotIt() throws IOException {
        Account account = register();

        assertThat(account.revoke(issue(account, "own.revoke.test"), RevocationReason.SUPERSEDED))
                .isTrue();
    }

    @Test
    void revokesNothingForAStranger() throws IOException {
        X509Certificate leaf = issue(register(), "foreign.revoke.test");
        Account stranger = register();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> stranger.revoke(leaf, RevocationReason.CESSATION_OF_OPERATION))
                .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
    }

    @Test
    void revokesByTheCertificatesKeyThoughItLivesElsewhere() throws IOException {
        RemoteSigner key = RemoteSigner.holding(TestClients.newKey());
        List<Identifier> names = AtTestCa.identifiers("key.revoke.test");
        CertificateRequest request = CertificateRequest.builder(names)
                .csr(CertificateSigningRequest.of(names, key))
                .build();
        X509Certificate leaf = register().obtain(request, server).chain().leaf();

        assertThat(client.revoke(leaf, key, RevocationReason.KEY_COMPROMISE)).isTrue();
        assertThat(client.revoke(leaf, key, RevocationReason.KEY_COMPROMISE)).isFalse();
    }

    private static X509Certificate issue(Account account, String... names) throws IOException {
        return account.obtain(CertificateRequest.of(names), server).chain().leaf();
    }
}
