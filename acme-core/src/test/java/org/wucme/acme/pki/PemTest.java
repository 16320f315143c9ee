package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PemTest {

    private static final KeyPair KEY = KeyType.EC_P256.generate();

    @Property(tries = 50)
    void certificatesAreReadBackInTheirOrder(@ForAll("certificates") List<X509Certificate> certificates)
            throws PemException {
        String pem = Pem.encode(certificates);
        assertThat(Pem.certificates(pem)).isEqualTo(certificates);
        assertThat(Pem.certificates(pem.replace("\n", "\r\n"))).isEqualTo(certificates);
        assertThat(pem).doesNotContain("\r").matches("(?s)(.{0,64}\\n)*");
    }

    @Provide
    Arbitrary<List<X509Certificate>> certificates() {
        return Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(60)
                .map(PemTest::named)
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefusedAsPem(@ForAll String text, @ForAll @AlphaChars @StringLength(max = 80) String content) {
        for (String pem : new String[] {
            text,
            "-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n",
            "-----BEGIN " + text + "\n" + content
        }) {
            try {
                assertThat(Pem.certificates(pem)).isEmpty();
            } catch (PemException e) {
                assertThat(e).hasMessageContaining("block");
            }
        }
    }

    @Test
    void theKeyBehindACertificateIsPassedOver() throws PemException {
        X509Certificate certificate = named("a");
        String pem = Pem.encode(List.of(certificate)) + Pem.encode(KEY.getPrivate());
        assertThat(Pem.certificates(pem)).containsExactly(certificate);
        assertThat(Pem.certificates("\uFEFF" + pem)).containsExactly(certificate);
    }

    @Test
    void theBrokenBlockIsNamed() {
        String pem = Pem.encode(List.of(named("a"), named("b")));
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> Pem.certificates(pem.substring(0, pem.length() - 40)))
                .withMessage("block 2 of this PEM text is broken");
    }

    @Test
    void aBlockThatIsNoCertificateIsRefused() {
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> Pem.certificates("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
                .withMessageContaining("does not hold a certificate");
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> Pem.certificates("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
                .withMessageContaining("does not hold a certificate");
    }

    @Test
    void aKeyThatStaysInItsDeviceCannotBeWritten() {
        PrivateKey inDevice = new PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public @Nullable String getFormat() {
                return null;
            }

            @Override
            public byte @Nullable [] getEncoded() {
                return null;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.encode(inDevice))
                .withMessageContaining("cannot be exported");
    }

    private static X509Certificate named(String name) {
        try {
            return TestCertificates.leaf(KEY.getPublic(), KEY, TestCertificates.dns(name + ".example"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
