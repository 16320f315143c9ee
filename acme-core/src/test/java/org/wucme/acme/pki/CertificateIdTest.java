package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9773 section 4.1. */
class CertificateIdTest {

    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private static final byte[] KEY_IDENTIFIER = HexFormat.of().parseHex("69885b6b87464041e1b37b847ba0ae2cde01c8d4");
    private static final BigInteger SERIAL = new BigInteger("87654321", 16);

    private static X509Certificate certificate(BigInteger serial, ASN1Encodable authority) throws Exception {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=issuer"),
                serial,
                Date.from(TestCertificates.FROM),
                Date.from(TestCertificates.TO),
                new X500Name("CN=leaf"),
                KEY.getPublic());
        builder.addExtension(Extension.authorityKeyIdentifier, false, authority);
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEY.getPrivate())));
    }

    @Test
    void isTheOneOfTheRfcsExample() throws Exception {
        X509Certificate certificate = certificate(SERIAL, new AuthorityKeyIdentifier(KEY_IDENTIFIER));

        assertThat(CertificateId.of(certificate))
                .map(CertificateId::value)
                .contains("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
        assertThat(CertificateId.of(certificate).orElseThrow()).hasToString("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    }

    @Test
    void hasNoSignByteInFrontOfASerialNumberThatNeedsNone() throws Exception {
        X509Certificate certificate =
                certificate(new BigInteger("7654321", 16), new AuthorityKeyIdentifier(KEY_IDENTIFIER));

        assertThat(CertificateId.of(certificate))
                .map(CertificateId::value)
                .contains("aYhba4dGQEHhs3uEe6CuLN4ByNQ.B2VDIQ");
    }

    @Test
    void isMissingWhereTheIssuersKeyIsNotTold() throws Exception {
        GeneralNames issuer = new GeneralNames(new GeneralName(new X500Name("CN=root")));

        assertThat(CertificateId.of(TestCertificates.leaf(KEY.getPublic(), KEY)))
                .isEmpty();
        assertThat(CertificateId.of(certificate(SERIAL, new AuthorityKeyIdentifier(issuer, BigInteger.ONE))))
                .isEmpty();
        assertThat(CertificateId.of(certificate(SERIAL, new ASN1Integer(1)))).isEmpty();
        assertThat(CertificateId.of(certificate(SERIAL, new AuthorityKeyIdentifier(new byte[0]))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "AAAA", "AAAA.", ".AAAA", "AA+A.BBBB", "AAAA.BBBB=", "AAAA.BBBB\n", "a.b.c"})
    void isTwoBase64urlTextsAndAPeriod(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CertificateId(text))
                .withMessageContaining("identifier of a certificate");
    }
}
