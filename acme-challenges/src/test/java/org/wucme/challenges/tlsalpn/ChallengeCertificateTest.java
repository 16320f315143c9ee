package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.challenges.Proof;

class ChallengeCertificateTest {

    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";

    private static X509Certificate certificate(Proof proof) {
        return ChallengeCertificate.create(proof.identifier(), proof.answer()).certificate();
    }

    /** RFC 8737 section 3: extnValue holds an OCTET STRING, which holds the digest. */
    static void assertAnswers(X509Certificate certificate, Proof proof) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(proof.answer().value().getBytes(StandardCharsets.US_ASCII));
        assertThat(certificate.getCriticalExtensionOIDs()).contains(ACME_IDENTIFIER);
        assertThat(HexFormat.of().formatHex(certificate.getExtensionValue(ACME_IDENTIFIER)))
                .isEqualTo("04220420" + HexFormat.of().formatHex(digest));
    }

    @Property(tries = 20)
    void carriesTheDigestOfTheKeyAuthorization(
            @ForAll @AlphaChars @StringLength(min = 1, max = 60) String token,
            @ForAll @Size(1) List<@AlphaChars @StringLength(43) String> thumbprints)
            throws GeneralSecurityException {
        Proof proof = Proof.withThumbprint("www.example.org", token, thumbprints.get(0));
        assertAnswers(certificate(proof), proof);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, 2, www.example.org",
        "bücher.example, 2, xn--bcher-kva.example",
        "192.0.2.7, 7, 192.0.2.7",
        "2001:db8::1, 7, 2001:db8:0:0:0:0:0:1",
    })
    void hasExactlyOneName(String identifier, int kind, String name) throws GeneralSecurityException {
        assertThat(certificate(Proof.of(identifier)).getSubjectAlternativeNames())
                .containsExactly(List.of(kind, name));
    }

    @Test
    void isSelfSignedWithP256AndValidNow() throws GeneralSecurityException {
        X509Certificate certificate = certificate(Proof.of("www.example.org"));
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber().signum()).isPositive();
        ECPublicKey key = (ECPublicKey) certificate.getPublicKey();
        assertThat(key.getParams().getOrder().bitLength()).isEqualTo(256);
    }

    @Test
    void noTwoShareAKeyOrASerialNumber() {
        Proof proof = Proof.of("www.example.org");
        assertThat(certificate(proof).getPublicKey())
                .isNotEqualTo(certificate(proof).getPublicKey());
        assertThat(certificate(proof).getSerialNumber())
                .isNotEqualTo(certificate(proof).getSerialNumber());
    }
}
