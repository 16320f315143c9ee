package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** The choice among the chains of a certificate (RFC 8555 section 7.4.2): checklist item 31. */
class PreferredChainTest extends AtTestCa {

    private static final String NAME = "www.example.test";

    PreferredChainTest() {
        super(TestCa.builder().alternateChains(2));
    }

    private CertificateChain obtain(ChainPreference preference) throws IOException {
        return obtain(account(), preference);
    }

    private CertificateChain obtain(Account account, ChainPreference preference) throws IOException {
        return account.obtain(request(NAME).preferredChain(preference).build(), solver)
                .chain();
    }

    private static String issuer(CertificateChain chain) {
        return chain.topmost().getIssuerX500Principal().getName("RFC2253", Map.of());
    }

    private static String fingerprint(X509Certificate certificate) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    @Test
    void isTheCasOwnChoiceAndNothingElseIsDownloadedWhenThatIsPreferred() throws IOException {
        assertThat(issuer(obtain(ChainPreference.issuer("TestCa Root 1")))).endsWith("CN=TestCa Root 1");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isOne();
    }

    @Test
    void isTheCasOwnChoiceWhenNoneIsPreferred() throws IOException {
        IssuedCertificate issued =
                account().obtain(request(NAME).preferredChain(null).build(), solver);

        assertThat(issuer(issued.chain())).endsWith("CN=TestCa Root 1");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isOne();
    }

    @Test
    void isFoundByTheIssuersCommonName() throws IOException {
        assertThat(issuer(obtain(ChainPreference.issuer("TestCa Root 2")))).endsWith("CN=TestCa Root 2");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isEqualTo(2);
    }

    @Test
    void isFoundByTheIssuersOrganization() throws IOException {
        assertThat(issuer(obtain(ChainPreference.issuer("TestCa Trust 3")))).endsWith("CN=TestCa Root 3");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isEqualTo(3);
    }

    @Test
    void isFoundByTheFingerprintOfARootThatTheClientTrusts() throws Exception {
        X509Certificate wanted = ca.alternateRoots().get(1);
        try (AcmeClient trusting = clientBuilder()
                .trustedRoots(List.of(ca.tlsRoot(), ca.issuerRoot(), wanted))
                .build()) {
            Account account = TestClients.register(trusting);

            assertThat(issuer(obtain(account, ChainPreference.root(fingerprint(wanted)))))
                    .endsWith("CN=TestCa Root 3");
            assertThat(issuer(obtain(account, ChainPreference.root(fingerprint(ca.issuerRoot())))))
                    .endsWith("CN=TestCa Root 1");
        }
    }

    @Test
    void isTheCasOwnChoiceWhenTheCaDoesNotOfferIt() throws IOException {
        assertThat(issuer(obtain(ChainPreference.issuer("DST Root CA X3")))).endsWith("CN=TestCa Root 1");
        assertThat(ca.count(Endpoint.CERTIFICATE)).isEqualTo(3);
    }

    @Test
    void isLookedForAmongTenAlternatesAndNoMore() throws IOException {
        try (TestCa generous = TestCa.builder().alternateChains(12).start().alwaysValid(true);
                AcmeClient visitor = TestClients.client(generous)) {
            Account account = TestClients.register(visitor);
            account.obtain(
                    request(NAME)
                            .preferredChain(ChainPreference.issuer("TestCa Root 13"))
                            .build(),
                    solver);
            assertThat(generous.count(Endpoint.CERTIFICATE)).isEqualTo(11);

            Order order = account.fetchOrder(generous.orders().get(0));
            assertThat(account.downloadCertificates(order)).hasSize(11);
        }
    }

    @Test
    void canBeChosenStepByStep() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        order = account.awaitValid(
                account.finalizeOrder(order, csr(TestClients.newKey(), NAME)), PollingPolicy.DEFAULT);

        assertThat(issuer(account.downloadCertificate(order, ChainPreference.issuer("TestCa Root 3"))))
                .endsWith("CN=TestCa Root 3");
    }

    static Stream<Fault> failures() {
        return Stream.of(
                Fault.problem(404, "malformed", "gone"),
                Fault.problem(403, "unauthorized", "no"),
                Fault.status(501, "text/html", "<html>"),
                Fault.redirect("https://elsewhere.example/"),
                Fault.body("application/pem-certificate-chain", "no chain"),
                Fault.body("application/pem-certificate-chain", ""));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void neverLosesTheCertificateWhenAnAlternateCannotBeHad(Fault fault) throws IOException {
        Account account = account();
        ca.fault(Endpoint.CERTIFICATE, Fault.header("X-The-Default", "arrives"));
        ca.fault(Endpoint.CERTIFICATE, fault, 20);

        assertThat(issuer(obtain(account, ChainPreference.issuer("TestCa Root 3"))))
                .endsWith("CN=TestCa Root 1");
    }

    @Test
    void isStillFoundAfterAnotherThatCannotBeHad() throws IOException {
        Account account = account();
        ca.fault(Endpoint.CERTIFICATE, Fault.header("X-The-Default", "arrives"));
        ca.fault(Endpoint.CERTIFICATE, Fault.problem(404, "malformed", "gone"));

        assertThat(issuer(obtain(account, ChainPreference.issuer("TestCa Root 3"))))
                .endsWith("CN=TestCa Root 3");
    }

    @Test
    void isNotTakenFromAnotherCertificate() throws IOException {
        Account account = account();
        CertificateChain foreign = obtain(account, ChainPreference.issuer("TestCa Root 3"));
        ca.fault(Endpoint.CERTIFICATE, Fault.header("X-The-Default", "arrives"));
        ca.fault(Endpoint.CERTIFICATE, Fault.body("application/pem-certificate-chain", foreign.toPem()), 2);

        CertificateChain chain = obtain(account, ChainPreference.issuer("TestCa Root 3"));

        assertThat(chain.leaf()).isEqualTo(ca.certificates().get(1));
        assertThat(issuer(chain)).endsWith("CN=TestCa Root 1");
    }

    @Test
    void isNotTakenWhenItIsBroken() throws IOException {
        Account account = account();
        Order order = readyOrder(account, NAME);
        Order valid = account.awaitValid(
                account.finalizeOrder(order, csr(TestClients.newKey(), NAME)), PollingPolicy.DEFAULT);
        CertificateChain whole = account.downloadCertificate(valid);
        CertificateChain unlinked =
                new CertificateChain(List.of(whole.leaf(), ca.alternateRoots().get(1)));
        ca.fault(Endpoint.CERTIFICATE, Fault.header("X-The-Default", "arrives"));
        ca.fault(Endpoint.CERTIFICATE, Fault.body("application/pem-certificate-chain", unlinked.toPem()), 2);

        assertThat(account.downloadCertificate(valid, ChainPreference.issuer("TestCa Root 3")))
                .isEqualTo(whole);
    }

    @Test
    void isGivenUpWithAllTheRestByAnInterruption() {
        CertificateChain recommended = new CertificateChain(List.of(ca.issuerRoot()));
        ChainChoice choice = new ChainChoice(ChainPreference.issuer("TestCa Root 2"), List.of(), url -> {
            throw new InterruptedIOException("interrupted");
        });

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> choice.among(recommended, List.of("https://ca.example/alternate")));
    }
}
