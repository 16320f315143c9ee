package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** Bugs that were found in another client; each test shows that this one does not have it. */
class Acme4jBugsTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    private IssuedCertificate issue() throws IOException {
        return account().obtain(request(NAME).build(), solver);
    }

    @Test
    void retryAfterZeroIsNoNegativeWait() throws IOException {
        ca.pollsUntilReady(2).pollsUntilValid(2).retryAfter(Endpoint.ORDER, "0").retryAfter(Endpoint.FINALIZE, "0");

        issue();

        assertThat(time.sleeps()).allMatch(sleep -> !sleep.isNegative());
    }

    @ParameterizedTest
    @CsvSource({"-3, 2", "-10, 3", "-86400, 1", "86400, 1"})
    void aCaWhoseClockIsSkewedIsPolledAsItAsks(long secondsAhead, int retryAfter) throws IOException {
        ca.clockSkew(Duration.ofSeconds(secondsAhead))
                .pollsUntilReady(2)
                .retryAfter(Endpoint.ORDER, String.valueOf(retryAfter));

        issue();

        assertThat(time.sleeps()).contains(Duration.ofSeconds(retryAfter));
    }

    @Test
    void aBadNonceWithoutANewNonceIsRecoveredFrom() throws IOException {
        ca.fault(Endpoint.NEW_ORDER, Fault.badNonceWithoutNonce());

        issue();

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void aRetryAfterThatComesWithA503IsHonouredAndTold() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(503, "serverInternal", "busy", "Retry-After", "5"));
        account.fetch();
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(5));

        ca.fault(Endpoint.ACCOUNT, Fault.problem(503, "serverInternal", "busy", "Retry-After", "5000"));
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(account::fetch)
                .satisfies(e -> {
                    assertThat(e.problem().status()).isEqualTo(503);
                    assertThat(e.retryAt()).contains(time.instant().plusSeconds(5000));
                });
    }

    @Test
    void aCutBodyIsAConnectionErrorNotAnUncheckedOne() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.truncateBody(), 100);

        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(account::fetch)
                .matches(AcmeException::isRetryable);
    }

    @Test
    void aStalledBodyEndsWithTheRequestTimeout() throws IOException {
        KeyPair key = TestClients.newKey();
        String url = client.register(Registration.with(key).agreeToTerms()).url();
        ca.fault(Endpoint.ACCOUNT, Fault.stallBody(), 100);
        RetryPolicy never = new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

        try (AcmeClient hasty = clientBuilder()
                .requestTimeout(Duration.ofMillis(300))
                .retry(never)
                .build()) {
            assertThatExceptionOfType(AcmeConnectionException.class)
                    .isThrownBy(() -> hasty.account(url, key).fetch())
                    .withMessageContaining("in time");
        }
    }

    @Test
    void anInterruptIsNotLost() throws IOException {
        Account account = account();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(account::fetch);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:DB8:0:0:A::1, 2001:db8::a:0:0:1",
        "2001:db8:0:1:01:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:0:0:0:0:0:0, ::"
    })
    void anIpv6AddressIsSentAsRfc5952HasIt(String given, String sent) throws IOException {
        Order order = account().createOrder(OrderRequest.of(given));

        assertThat(order.identifiers()).containsExactly(new Identifier("ip", sent));
    }

    @Test
    void anAddressIsNeverLookedUp() {
        assertThatIllegalArgumentException().isThrownBy(() -> Identifier.ip("localhost"));
    }

    @Test
    void aPkcs8KeyFileIsReadAndUsable() throws IOException {
        KeyPair key = KeyPairs.read(new HeldCertificate.Builder().build().privateKeyPkcs8Pem());

        IssuedCertificate issued = account().obtain(request(NAME).key(key).build(), solver);

        assertThat(issued.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
    }

    @Test
    void namesGivenTwiceAreOnceInTheCsr() throws IOException {
        byte[] der = CertificateSigningRequest.of(identifiers(NAME, NAME, "WWW.EXAMPLE.TEST"), TestClients.newKey())
                .der();

        GeneralNames names = GeneralNames.fromExtensions(
                new PKCS10CertificationRequest(der).getRequestedExtensions(), Extension.subjectAlternativeName);
        assertThat(names.getNames()).hasSize(1);
    }

    @Test
    void aCsrIsSignedWithTheDigestThatFitsTheCurve() throws IOException {
        PKCS10CertificationRequest csr = new PKCS10CertificationRequest(
                csr(KeyType.EC_P384.generate(), NAME).der());

        // ecdsa-with-SHA384 (RFC 5758 section 3.2)
        assertThat(csr.getSignatureAlgorithm().getAlgorithm().getId()).isEqualTo("1.2.840.10045.4.3.3");
    }

    @Test
    void aChainIsMatchedByItsSignaturesNotByNames() throws Exception {
        CertificateChain good = issue().chain();
        HeldCertificate impostor = new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("TestCa Intermediate")
                .build();
        assertThat(impostor.certificate().getSubjectX500Principal().getName())
                .contains(good.certificates().get(1).getSubjectX500Principal().getName());
        String pem = Pem.encode(List.of(good.leaf(), impostor.certificate()));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> CertificateChain.parse(pem)
                        .requireFor(good.leaf().getPublicKey(), good.identifiers(), time.instant()))
                .withMessageContaining("not signed by the next");
    }

    @Test
    void allContactsCanBeRemoved() throws IOException {
        Account account = client.register(Registration.with(TestClients.newKey())
                .contact("mailto:a@example.org")
                .agreeToTerms());

        assertThat(account.updateContacts(List.of()).contacts()).isEmpty();
    }

    @Test
    void theDirectoryIsFetchedOnce() throws IOException {
        Account account = TestClients.register(client);
        account.obtain(request(NAME).build(), solver);
        account.obtain(request(NAME).build(), solver);

        assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(1);
    }
}
