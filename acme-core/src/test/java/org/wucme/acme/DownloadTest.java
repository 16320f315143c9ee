package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.testing.ca.Defect;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Certificates and their chains (RFC 8555 section 7.4.2), and what is refused before anybody stores it. */
class DownloadTest extends AtTestCa {

    private static final String[] NAMES = {"a.example.test", "b.example.test"};

    DownloadTest() {
        super(TestCa.builder().alternateChains(2));
    }

    private Order validOrder(Account account) throws IOException {
        Order order = readyOrder(account, NAMES);
        return account.awaitValid(
                account.finalizeOrder(order, csr(TestClients.newKey(), NAMES)), PollingPolicy.DEFAULT);
    }

    private static void assertSignedBy(X509Certificate certificate, X509Certificate issuer) {
        assertThatCode(() -> certificate.verify(issuer.getPublicKey())).doesNotThrowAnyException();
    }

    @Test
    void bringsTheLeafAndTheChainToTheDefaultRoot() throws IOException {
        Account account = account();
        List<X509Certificate> chain =
                account.downloadCertificate(validOrder(account)).certificates();

        assertThat(chain).hasSize(2).first().isEqualTo(ca.certificates().get(0));
        assertSignedBy(chain.get(0), chain.get(1));
        assertSignedBy(chain.get(1), ca.issuerRoot());
    }

    @Test
    void bringsEveryChainThatTheCaOffersItsOwnChoiceFirst() throws IOException {
        Account account = account();
        List<CertificateChain> chains = account.downloadCertificates(validOrder(account));

        assertThat(chains)
                .hasSize(3)
                .extracting(CertificateChain::leaf)
                .containsOnly(ca.certificates().get(0));
        assertSignedBy(chains.get(0).certificates().get(1), ca.issuerRoot());
        assertSignedBy(chains.get(1).certificates().get(1), ca.alternateRoots().get(0));
        assertSignedBy(chains.get(2).certificates().get(1), ca.alternateRoots().get(1));
    }

    @Test
    void takesAnyContentTypeAsLongAsTheContentIsRight() throws IOException {
        ca.fault(
                Endpoint.CERTIFICATE, Fault.header("Content-Type", "application/pem-certificate-chain; charset=utf-8"));
        ca.fault(Endpoint.CERTIFICATE, Fault.withoutHeader("Content-Type"));
        Account account = account();

        assertThat(account.obtain(request(NAMES).build(), solver).chain().certificates())
                .hasSize(2);
        assertThat(account.obtain(request(NAMES).build(), solver).chain().certificates())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "WRONG_KEY, another key",
        "MISSING_NAME, b.example.test",
        "EXPIRED, expired",
        "NOT_YET_VALID, valid only from"
    })
    void isRefusedWhenItIsNotWhatWasAskedFor(Defect defect, String message) throws IOException {
        Account account = account();
        ca.defect(defect);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .withMessageContaining(message)
                .matches(e -> !e.isRetryable());
    }

    @Test
    void isRefusedWithAWrongIssuerAboveItButMayBeDownloadedAgainLater() throws IOException {
        Account account = account();
        ca.defect(Defect.BROKEN_CHAIN);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .withMessageContaining("broken chain")
                .matches(AcmeException::isRetryable);
    }

    @Test
    void isTheSameWithAByteOrderMarkOrGluedBlocks() throws IOException {
        Account account = account();
        Order order = validOrder(account);
        CertificateChain chain = account.downloadCertificate(order);
        for (String text : List.of(
                "\uFEFF" + chain.toPem(),
                chain.toPem().replace("-----\n-----BEGIN", "----------BEGIN"),
                "Zertifikat f\u00FCr a\n" + chain.toPem())) {
            ca.fault(Endpoint.CERTIFICATE, Fault.body("application/pem-certificate-chain", text));
            assertThat(account.downloadCertificate(order)).isEqualTo(chain);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TEXT_IN_PEM", "NONE"})
    void isTakenWithAnyTextAroundItsBlocks(Defect defect) throws IOException {
        Account account = account();
        ca.defect(defect);

        assertThat(account.obtain(request(NAMES).build(), solver).chain().certificates())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"'', no certificate", "<html>sign in</html>, no certificate"})
    void isAskedForAgainWhenItIsNoCertificateAtAllAndMayBeResumedThen(String body, String message) throws IOException {
        Account account = account();
        ca.fault(Endpoint.CERTIFICATE, Fault.body("text/html", body), 100);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .withMessageContaining("/certificate/")
                .withMessageContaining(message)
                .matches(AcmeException::isRetryable);
        assertThat(ca.count(Endpoint.CERTIFICATE)).isEqualTo(1 + RetryPolicy.DEFAULT.retries());
    }

    @Test
    void isKeptForLaterWhenItCannotBeRead() throws IOException {
        Account account = account();
        ca.defect(Defect.PRIVATE_KEY_IN_PEM);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.obtain(request(NAMES).build(), solver))
                .withMessageContaining("another kind")
                .matches(AcmeException::isRetryable);
    }

    @Test
    void hasAKeyOfItsOwnNeverTheAccounts() throws IOException {
        KeyPair key = TestClients.newKey();
        Account account = client.register(Registration.with(key).agreeToTerms());
        ca.clearLog();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.obtain(request(NAMES).key(key).build(), solver))
                .withMessageContaining("account's key");
        assertThat(ca.count()).isZero();
    }
}
