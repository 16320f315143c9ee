package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;

/** Checklist items 31 and 32: what a CA may send as a chain, and what it must be. */
class CertificateChainTest {

    private static final KeyPair ROOT = KeyType.EC_P256.generate();
    private static final KeyPair ISSUER = KeyType.EC_P384.generate();
    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private static final Identifier A = Identifier.dns("a.example");
    private static final Identifier B = Identifier.dns("b.example");
    private static final Instant NOW = TestCertificates.FROM.plus(Duration.ofDays(1));

    private final X509Certificate leaf = leaf(TestCertificates.dns("a.example"), TestCertificates.dns("b.example"));
    private final X509Certificate issuer = authority("CN=issuer", ISSUER, "CN=root", ROOT);
    private final X509Certificate root = authority("CN=root", ROOT, "CN=root", ROOT);
    private final CertificateChain chain = new CertificateChain(List.of(leaf, issuer));
    private final String pem = chain.toPem();

    @Test
    void aChainIsReadLeafFirst() throws PemException {
        assertThat(CertificateChain.parse(pem)).isEqualTo(chain);
        assertThat(chain.leaf()).isEqualTo(leaf);
        assertThat(chain.identifiers()).containsExactly(A, B);
        assertThat(Pem.certificates(chain.toPem())).containsExactly(leaf, issuer);
    }

    @Test
    void lineEndsAndBlankLinesDoNotMatter() throws PemException {
        for (String same : List.of(
                pem.replace("\n", "\r\n"),
                "\n\n" + pem.replace("-----BEGIN", "\n\r\n-----BEGIN") + "\n\n",
                pem.replace("-----\n", "-----  \n"),
                pem.stripTrailing())) {
            assertThat(CertificateChain.parse(same)).isEqualTo(chain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n\r\n"})
    void anEmptyTextIsNoChain(String text) {
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> CertificateChain.parse(text))
                .withMessageContaining("no certificate");
    }

    @Test
    void aPrivateKeyInAChainIsRefused() {
        String key = Pem.encode(KEY.getPrivate());
        for (String bad : List.of(pem + key, key + pem, pem + "  " + key, pem + "\t" + key)) {
            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> CertificateChain.parse(bad))
                    .withMessageContaining("a chain of certificates holds");
        }
    }

    @Test
    void whatHasBeenIssuedIsReadWithAnyTextAroundIt() throws PemException {
        for (String same : List.of(
                "subject=CN = a\n" + pem,
                pem + "x",
                pem.replace("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\nissuer\n"),
                " " + pem,
                "\uFEFF" + pem,
                pem.replace("-----\n-----BEGIN", "----------BEGIN"),
                pem + "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n",
                pem + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                "<html>\n" + pem + "</html>")) {
            assertThat(CertificateChain.parse(same)).isEqualTo(chain);
        }
    }

    @Test
    void ofAChainCutShortTheWholeBlocksAreRead() throws PemException {
        for (int length : new int[] {30, pem.length() / 2 - 30}) {
            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> CertificateChain.parse(pem.substring(0, length)))
                    .withMessageStartingWith("line 1: ");
        }
        assertThat(CertificateChain.parse(pem.substring(0, pem.length() - 27)).certificates())
                .containsExactly(leaf);
    }

    @Test
    void aChainHasAtLeastOneCertificate() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CertificateChain(List.of()));
    }

    @Test
    void theCertificateThatWasAskedForIsAccepted() throws Exception {
        chain.requireFor(KEY.getPublic(), List.of(B, A, A), NOW);
        new CertificateChain(List.of(leaf)).requireFor(KEY.getPublic(), List.of(A, B), NOW);
        new CertificateChain(List.of(leaf, issuer, root)).requireFor(KEY.getPublic(), List.of(A, B), NOW);
    }

    @Test
    void addressesAreComparedAsAddresses() throws Exception {
        CertificateChain addressed = new CertificateChain(
                List.of(leaf(TestCertificates.ip("192.0.2.1"), TestCertificates.ip("2001:db8:0:0:0:0:0:1"))));
        addressed.requireFor(KEY.getPublic(), List.of(Identifier.ip("192.0.2.1"), Identifier.ip("2001:DB8::1")), NOW);
    }

    @Test
    void anotherKeyIsRefused() {
        assertRefused(chain, ROOT, List.of(A, B), NOW, "another key");
    }

    @Test
    void aMissingOrAdditionalNameIsRefused() {
        assertRefused(chain, KEY, List.of(A, B, Identifier.dns("c.example")), NOW, "a.example, b.example where");
        assertRefused(chain, KEY, List.of(A), NOW, "a.example, b.example where a.example was asked for");
        assertRefused(chain, KEY, List.of(A, Identifier.dns("*.example")), NOW, "*.example");
    }

    @Test
    void identifiersOfOtherTypesAreNotLookedFor() throws Exception {
        Identifier device = new Identifier("permanent-identifier", "serial 1");
        chain.requireFor(KEY.getPublic(), List.of(A, device, B), NOW);
        new CertificateChain(List.of(leaf())).requireFor(KEY.getPublic(), List.of(device), NOW);
        assertRefused(chain, KEY, List.of(device), NOW, "a.example, b.example where no name was asked for");
    }

    @Test
    void aCertificateAloneIsAChain() throws Exception {
        new CertificateChain(List.of(leaf)).requireFor(KEY.getPublic(), List.of(A, B), NOW);
    }

    @Test
    void aSignatureThatThisJavaDoesNotKnowIsNotChecked() throws Exception {
        X509Certificate unknown =
                TestCertificates.withUnknownSignature(KEY.getPublic(), TestCertificates.dns("a.example"));
        new CertificateChain(List.of(unknown, issuer)).requireFor(KEY.getPublic(), List.of(A), NOW);
        assertRefused(new CertificateChain(List.of(unknown, issuer, leaf)), KEY, List.of(A), NOW, "certificate 2");
    }

    @Test
    void aNameThatStandsOnlyInTheSubjectDoesNotCount() throws Exception {
        X509Certificate old = TestCertificates.certificate("CN=a.example", KEY.getPublic(), "CN=issuer", ISSUER);
        assertThat(CertificateChain.identifiersOf(old)).isEmpty();
        assertRefused(new CertificateChain(List.of(old)), KEY, List.of(A), NOW, "asked for");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Instant end = TestCertificates.TO;
        chain.requireFor(KEY.getPublic(), List.of(A, B), end.minusSeconds(1));
        assertRefused(chain, KEY, List.of(A, B), end.plusSeconds(1), "expired at " + end);
    }

    @Test
    void aCertificateForLaterIsRefusedButClocksMayDiffer() throws Exception {
        Instant begin = TestCertificates.FROM;
        chain.requireFor(KEY.getPublic(), List.of(A, B), begin.minus(Duration.ofHours(47)));
        assertRefused(chain, KEY, List.of(A, B), begin.minus(Duration.ofHours(49)), "is valid only from " + begin);
    }

    @Test
    void aBrokenLinkIsRefusedThoughItsNamesMatch() {
        KeyPair stranger = KeyType.EC_P384.generate();
        X509Certificate sameName = authority("CN=issuer", stranger, "CN=root", ROOT);
        assertRefused(
                new CertificateChain(List.of(leaf, sameName)), KEY, List.of(A, B), NOW, "certificate 1 (CN=leaf)");
        assertRefused(
                new CertificateChain(List.of(leaf, issuer, sameName)),
                KEY,
                List.of(A, B),
                NOW,
                "certificate 2 (CN=issuer)");
        assertRefused(new CertificateChain(List.of(leaf, root)), KEY, List.of(A, B), NOW, "not signed by the next");
    }

    @Test
    void aLinkIsASignatureWhateverElseTheNameOfTheIssuerHolds() throws Exception {
        X509Certificate full =
                authority("C=US,O=Internet Security Research Group,CN=ISRG Root X1", ISSUER, "CN=x", ROOT);
        X509Certificate below = TestCertificates.certificate(
                "CN=leaf",
                KEY.getPublic(),
                "C=US,O=Internet Security Research Group,CN=ISRG Root X1",
                ISSUER,
                TestCertificates.dns("a.example"));
        new CertificateChain(List.of(below, full)).requireFor(KEY.getPublic(), List.of(A), NOW);
    }

    @Test
    void aNameThatCannotBeReadIsTheCasFault() {
        GeneralName network = TestCertificates.other(
                GeneralName.iPAddress, new DEROctetString(new byte[] {10, 0, 0, 0, (byte) 255, 0, 0, 0}));
        GeneralName tooShort = TestCertificates.other(GeneralName.iPAddress, new DEROctetString(new byte[] {10, 0}));
        // Some Java versions read a network, others drop all names where one is malformed.
        for (GeneralName bad : List.of(network, tooShort)) {
            assertRefused(
                    new CertificateChain(List.of(leaf(bad))), KEY, List.of(A), NOW, "the CA issued a certificate");
        }
    }

    private static void assertRefused(
            CertificateChain chain, KeyPair key, List<Identifier> names, Instant now, String why) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> chain.requireFor(key.getPublic(), names, now))
                .withMessageContaining(why);
    }

    private static X509Certificate leaf(GeneralName... names) {
        try {
            return TestCertificates.leaf(KEY.getPublic(), ISSUER, names);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate authority(String name, KeyPair key, String issuerName, KeyPair issuer) {
        try {
            return TestCertificates.certificate(name, key.getPublic(), issuerName, issuer);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
