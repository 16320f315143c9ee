package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.DeviceKey;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.RemoteSigner;
import org.wucme.testing.ca.Endpoint;

/** Keys that live outside the process: everything that a key is needed for is done without seeing its private half. */
class SignerTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    private final KeyPair pair = TestClients.newKey();
    private final RemoteSigner accountKey = RemoteSigner.holding(pair);
    private final RemoteSigner certificateKey = RemoteSigner.holding(TestClients.newKey());

    private Account registered() throws IOException {
        return client.register(Registration.with(accountKey).agreeToTerms());
    }

    private CertificateRequest.Builder requestFor(CertificateSigningRequest csr, String... names) {
        return request(names).csr(csr);
    }

    private CertificateSigningRequest signedRequest(String... names) throws IOException {
        return CertificateSigningRequest.of(identifiers(names), certificateKey);
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "EC_P384", "RSA_2048"})
    void aCertificateIsObtainedAndRevokedWithKeysThatStayWhereTheyAre(KeyType type) throws IOException {
        Account account = client.register(
                Registration.with(RemoteSigner.holding(type.generate())).agreeToTerms());
        RemoteSigner key = RemoteSigner.holding(type.generate());
        CertificateSigningRequest csr =
                CertificateSigningRequest.withCommonName(Identifier.of(NAME), identifiers(NAME, "a.test"), key);

        IssuedCertificate issued =
                account.obtain(requestFor(csr, "a.test", NAME).build(), solver);

        X509Certificate leaf = issued.chain().leaf();
        assertThat(leaf.getPublicKey()).isEqualTo(key.publicKey());
        assertThat(issued.key()).isNull();
        assertThat(client.revoke(leaf, key, RevocationReason.SUPERSEDED)).isTrue();
        assertThat(ca.isRevoked(leaf)).isTrue();
        assertThat(key.requests()).hasSize(2);
    }

    @Test
    void keysInADeviceOfAJcaProviderNeedNoSignerOfTheirOwn() throws IOException {
        Provider device = DeviceKey.provider();
        Security.addProvider(device);
        try {
            Account account = client.register(
                    Registration.with(DeviceKey.of(TestClients.newKey())).agreeToTerms());

            IssuedCertificate issued = account.obtain(
                    request(NAME).key(DeviceKey.of(TestClients.newKey())).build(), solver);

            assertThat(issued.chain().identifiers()).containsExactly(Identifier.dns(NAME));
        } finally {
            Security.removeProvider(device.getName());
        }
    }

    @Test
    void anAccountIsFoundAndUsedByASigner() throws IOException {
        String url = registered().url();

        assertThat(client.findAccount(accountKey)).map(Account::url).contains(url);
        assertThat(client.account(url, accountKey).fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThat(client.findAccount(pair)).map(Account::url).contains(url);
        assertThat(accountKey.requests()).isNotEmpty().containsOnly("SHA256withECDSA");
    }

    @Test
    void aKeyThatFailsIsTheFailureAndNothingIsSent() throws IOException {
        Account account = registered();
        ca.clearLog();
        accountKey.breakDown();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(account::fetch)
                .withMessageContaining("cannot be signed")
                .withMessageContaining("the key service does not answer")
                .matches(e -> !e.isRetryable());
        assertThat(ca.count(Endpoint.ACCOUNT)).isZero();
    }

    @Test
    void aDeviceThatFailsToSignTheRequestIsTheFailure() throws IOException {
        Account account = registered();
        CertificateRequest request = request(NAME)
                // Java finds no provider that could sign with it.
                .key(DeviceKey.of(TestClients.newKey()))
                .build();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(request, solver))
                .withMessageContaining("the certificate request cannot be made: Java cannot sign SHA256withECDSA");
        assertThat(ca.count(Endpoint.FINALIZE)).isZero();
    }

    @Test
    void aRequestThatTheDeviceCannotSignIsToldOfAsSuch() {
        certificateKey.breakDown();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> signedRequest(NAME))
                .withMessage("the key service does not answer");
    }

    @Test
    void aRequestMadeElsewhereIsForTheNamesThatAreAskedFor() throws IOException {
        CertificateSigningRequest csr = signedRequest(NAME, "127.0.0.1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> requestFor(csr, NAME))
                .withMessage("the signing request is for [www.example.test, 127.0.0.1] where a certificate for"
                        + " [www.example.test] is asked for");
        assertThatIllegalArgumentException().isThrownBy(() -> requestFor(csr, NAME, "127.0.0.1", "b.test"));
        assertThat(requestFor(csr, "127.0.0.1", NAME).build().csr()).isSameAs(csr);
    }

    @Test
    void aRequestMadeElsewhereBringsItsOwnKeyAndCommonName() throws IOException {
        CertificateSigningRequest csr = signedRequest(NAME);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> requestFor(csr, NAME).key(TestClients.newKey()).build())
                .withMessageContaining("its own key");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        requestFor(csr, NAME).commonName(Identifier.of(NAME)).build())
                .withMessageContaining("common name");
        assertThat(requestFor(csr, NAME).csr(null).key(pair).build().key()).isSameAs(pair);
    }

    @Test
    void aRequestSignedWithTheAccountsKeyIsRefusedBeforeAnythingIsOrdered() throws IOException {
        Account account = registered();
        CertificateSigningRequest csr = CertificateSigningRequest.of(identifiers(NAME), accountKey);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.obtain(requestFor(csr, NAME).build(), solver))
                .withMessageContaining("the account's key cannot be the certificate's key");
        assertThat(ca.orders()).isEmpty();
    }

    @Test
    void anOrderThatWasFinalizedIsCompletedWithTheSameRequest() throws IOException {
        Account account = registered();
        CertificateSigningRequest csr = signedRequest(NAME);
        Order begun = readyOrder(account, NAME);
        account.finalizeOrder(begun, csr);

        IssuedCertificate issued =
                account.obtain(requestFor(csr, NAME).resume(begun.url()).build(), solver);

        assertThat(issued.orderUrl()).isEqualTo(begun.url());
        assertThat(Arrays.equals(
                        issued.chain().leaf().getPublicKey().getEncoded(),
                        certificateKey.publicKey().getEncoded()))
                .isTrue();
        assertThat(ca.orders()).hasSize(1);
    }
}
