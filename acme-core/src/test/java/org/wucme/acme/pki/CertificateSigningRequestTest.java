package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;

/** Seen with Bouncy Castle's eyes. acme4j signs P-384 with SHA-256 and sends duplicate names twice. */
class CertificateSigningRequestTest {

    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private static final Identifier A = Identifier.dns("a.example");
    private static final Identifier B = Identifier.dns("b.example");

    @ParameterizedTest
    @CsvSource({"EC_P256, SHA256WITHECDSA", "EC_P384, SHA384WITHECDSA", "RSA_2048, SHA256WITHRSA"})
    void theDigestFitsTheKey(KeyType type, String algorithm) throws Exception {
        assertSigned(type.generate(), algorithm);
    }

    @Test
    void p521AndEd25519SignAsWell() throws Exception {
        KeyPairGenerator p521 = KeyPairGenerator.getInstance("EC");
        p521.initialize(521);
        assertSigned(p521.generateKeyPair(), "SHA512WITHECDSA");
        assertSigned(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "ED25519");
    }

    @ParameterizedTest
    @CsvSource({"EC_P256, SHA256WITHECDSA", "EC_P384, SHA384WITHECDSA", "RSA_2048, SHA256WITHRSA"})
    void aKeyInADeviceSigns(KeyType type, String algorithm) throws Exception {
        Provider device = DeviceKey.provider();
        Security.addProvider(device);
        try {
            assertSigned(DeviceKey.of(type.generate()), algorithm);
        } finally {
            Security.removeProvider(device.getName());
        }
    }

    private static void assertSigned(KeyPair key, String algorithm) throws Exception {
        PKCS10CertificationRequest request = parsed(CertificateSigningRequest.of(List.of(A), key));
        assertThat(new DefaultAlgorithmNameFinder().getAlgorithmName(request.getSignatureAlgorithm()))
                .isEqualToIgnoringCase(algorithm);
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key.getPublic())))
                .isTrue();
        assertThat(request.getSubjectPublicKeyInfo().getEncoded())
                .isEqualTo(key.getPublic().getEncoded());
    }

    @Test
    void eachNameIsAskedForOnce() throws Exception {
        assertThat(names(CertificateSigningRequest.of(List.of(B, A, B, Identifier.dns("A.EXAMPLE")), KEY)))
                .containsExactly(
                        new GeneralName(GeneralName.dNSName, "b.example"),
                        new GeneralName(GeneralName.dNSName, "a.example"));
    }

    @Test
    void thereIsNoCommonNameUnlessAsked() throws Exception {
        assertThat(parsed(CertificateSigningRequest.of(List.of(A), KEY)).getSubject())
                .isEqualTo(new X500Name(new RDN[0]));
        CertificateSigningRequest named = CertificateSigningRequest.withCommonName(B, List.of(A, B), KEY);
        assertThat(parsed(named).getSubject()).isEqualTo(new X500Name("CN=b.example"));
        assertThat(names(named)).hasSize(2);
    }

    @Test
    void theCommonNameIsOneOfTheNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateSigningRequest.withCommonName(B, List.of(A), KEY))
                .withMessageContaining("b.example");
    }

    @Test
    void wildcardsAndAddressesStandInTheAlternativeName() throws Exception {
        assertThat(names(CertificateSigningRequest.of(
                        List.of(
                                Identifier.dns("*.example.org"),
                                Identifier.ip("192.0.2.1"),
                                Identifier.ip("2001:db8::1")),
                        KEY)))
                .containsExactly(
                        new GeneralName(GeneralName.dNSName, "*.example.org"),
                        new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                        new GeneralName(GeneralName.iPAddress, "2001:db8::1"));
    }

    @Property(tries = 50)
    void anAddressStandsThereAsItsOctets(@ForAll @Size(8) short[] groups) throws Exception {
        byte[] octets = new byte[16];
        for (int i = 0; i < 8; i++) {
            // Many zeros, so that every place of "::" is tried.
            octets[2 * i + 1] = (byte) (groups[i] % 3 == 0 ? groups[i] : 0);
        }
        String text = InetAddress.getByAddress(octets).getHostAddress();

        GeneralName[] names = names(CertificateSigningRequest.of(List.of(Identifier.ip(text)), KEY));

        assertThat(ASN1OctetString.getInstance(names[0].getName()).getOctets()).isEqualTo(octets);
    }

    @Test
    void aRequestForNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CertificateSigningRequest.of(List.of(), KEY));
    }

    @Test
    void identifiersOfAnUnknownTypeMustBeRequestedByTheCaller() {
        Identifier other = new Identifier("TNAuthList", "F83");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateSigningRequest.of(List.of(other), KEY))
                .withMessageContaining("TNAuthList");
    }

    @Test
    void aRequestMadeElsewhereIsKeptByteForByte() {
        byte[] der = {0x30, 0x00};
        CertificateSigningRequest request = CertificateSigningRequest.ofDer(der);
        der[0] = 0;
        request.der()[1] = 1;
        assertThat(request.der()).containsExactly(0x30, 0x00);
    }

    @Test
    void whatIsAskedForCanBeReadBack() {
        List<Identifier> names =
                List.of(B, Identifier.dns("*.example.org"), Identifier.ip("192.0.2.1"), Identifier.ip("2001:db8::1:0"));

        CertificateSigningRequest request = CertificateSigningRequest.withCommonName(B, names, KEY);

        assertThat(request.identifiers()).containsExactlyElementsOf(names);
        assertThat(request.publicKey()).isEqualTo(KEY.getPublic());
        assertThat(CertificateSigningRequest.ofDer(request.der()).identifiers()).containsExactlyElementsOf(names);
    }

    @Test
    void aNameThatOnlyTheCommonNameHasIsAskedForToo() throws Exception {
        assertThat(requestedOf(new X500Name("CN=A.example,O=Example"))).containsExactly(A);
    }

    @Test
    void aCommonNameIsFoundBesideOtherPartsOfItsName() throws Exception {
        X500Name subject = new X500Name(new RDN[] {
            new RDN(new AttributeTypeAndValue[] {
                new AttributeTypeAndValue(BCStyle.O, new DERUTF8String("example")),
                new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("a.example"))
            })
        });

        assertThat(requestedOf(subject)).containsExactly(A);
    }

    @Test
    void aCommonNameThatIsNoNameIsPassedOver() throws Exception {
        assertThat(requestedOf(new X500Name("CN=My device"))).isEmpty();
    }

    private static Set<Identifier> requestedOf(X500Name subject) throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, KEY.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEY.getPrivate()))
                .getEncoded();
        return CertificateSigningRequest.ofDer(der).identifiers();
    }

    @Test
    void whatIsNoRequestCannotBeRead() {
        CertificateSigningRequest request = CertificateSigningRequest.ofDer(new byte[] {0x30, 0x00});
        assertThatIllegalArgumentException()
                .isThrownBy(request::identifiers)
                .withMessageContaining("no certificate signing request in DER");
        assertThatIllegalArgumentException().isThrownBy(request::publicKey);
    }

    @Test
    void aKeyThatCannotSignIsToldOf() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateSigningRequest.of(List.of(A), DeviceKey.of(KEY)))
                .withMessageContaining("this key cannot sign a certificate request: Java cannot sign SHA256withECDSA");
    }

    @Test
    void theNamesAreCriticalOnlyWithoutASubject() throws Exception {
        CertificateSigningRequest without = CertificateSigningRequest.of(List.of(A), KEY);
        CertificateSigningRequest with = CertificateSigningRequest.withCommonName(A, List.of(A), KEY);

        assertThat(isSanCritical(without)).isTrue();
        assertThat(isSanCritical(with)).isFalse();
    }

    private static boolean isSanCritical(CertificateSigningRequest request) throws Exception {
        return parsed(request)
                .getRequestedExtensions()
                .getExtension(Extension.subjectAlternativeName)
                .isCritical();
    }

    @Test
    void aSignerShowsNothingOfItsKey() {
        assertThat(Signer.of(KEY)).hasToString("Signer[EC]");
    }

    private static PKCS10CertificationRequest parsed(CertificateSigningRequest request) throws Exception {
        return new PKCS10CertificationRequest(request.der());
    }

    private static GeneralName[] names(CertificateSigningRequest request) throws Exception {
        return GeneralNames.fromExtensions(parsed(request).getRequestedExtensions(), Extension.subjectAlternativeName)
                .getNames();
    }
}
