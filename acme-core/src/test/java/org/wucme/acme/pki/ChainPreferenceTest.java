package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checklist item 31: by the topmost issuer's common name or the root's fingerprint. */
class ChainPreferenceTest {

    private static final String ROOT_NAME = "C=US,O=Internet Security Research Group,CN=ISRG Root X1";
    private static final KeyPair ROOT = KeyType.EC_P256.generate();
    private static final KeyPair ISSUER = KeyType.EC_P256.generate();
    private static final KeyPair KEY = KeyType.EC_P256.generate();

    private final X509Certificate root = TestCertificates.certificate(ROOT_NAME, ROOT.getPublic(), ROOT_NAME, ROOT);
    private final X509Certificate issuer =
            TestCertificates.certificate("C=US,O=Let's Encrypt,CN=E7", ISSUER.getPublic(), ROOT_NAME, ROOT);
    private final X509Certificate leaf =
            TestCertificates.certificate("CN=leaf", KEY.getPublic(), "C=US,O=Let's Encrypt,CN=E7", ISSUER);
    private final CertificateChain chain = new CertificateChain(List.of(leaf, issuer));

    ChainPreferenceTest() throws Exception {}

    private static String fingerprint(X509Certificate certificate) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private boolean matches(ChainPreference preference) {
        return preference.matches(chain, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISRG Root X1", "isrg root x1", " ISRG Root X1 ", "Internet Security Research Group"})
    void aNameIsTheCommonNameOrTheOrganizationOfTheTopmostIssuer(String name) {
        assertThat(matches(ChainPreference.issuer(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"E7", "Let's Encrypt", "Root X1", "ISRG", "US", "CN=ISRG Root X1", ROOT_NAME})
    void nothingElseIsThatName(String name) {
        assertThat(matches(ChainPreference.issuer(name))).isFalse();
    }

    @Test
    void aTextIsAFingerprintOrElseAName() throws Exception {
        String fingerprint = fingerprint(root);

        assertThat(ChainPreference.of(fingerprint.toUpperCase(Locale.ROOT)))
                .isEqualTo(ChainPreference.root(fingerprint));
        assertThat(ChainPreference.of("ISRG Root X1")).isEqualTo(ChainPreference.issuer("ISRG Root X1"));
        assertThat(ChainPreference.of("abcdef")).isEqualTo(ChainPreference.issuer("abcdef"));
        for (String text : List.of(fingerprint, "ISRG Root X1")) {
            assertThat(ChainPreference.of(ChainPreference.of(text).value())).isEqualTo(ChainPreference.of(text));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ChainPreference.of(" "));
    }

    @Test
    void aRootThatIsInTheChainIsFoundAsWell() throws Exception {
        CertificateChain whole = new CertificateChain(List.of(leaf, issuer, root));

        assertThat(ChainPreference.issuer("ISRG Root X1").matches(whole, List.of()))
                .isTrue();
        assertThat(ChainPreference.root(fingerprint(root)).matches(whole, List.of()))
                .isTrue();
        assertThat(ChainPreference.root(fingerprint(issuer)).matches(chain, List.of()))
                .isTrue();
    }

    @Test
    void aFingerprintIsThatOfAKnownRootAboveTheChain() throws Exception {
        ChainPreference preference = ChainPreference.root(fingerprint(root));

        assertThat(preference.matches(chain, List.of(leaf, root))).isTrue();
        assertThat(preference.matches(chain, List.of())).isFalse();
    }

    @Test
    void aRootThatOnlyHasTheSameNameIsNotTheOne() throws Exception {
        KeyPair stranger = KeyType.EC_P256.generate();
        X509Certificate sameName = TestCertificates.certificate(ROOT_NAME, stranger.getPublic(), ROOT_NAME, stranger);

        assertThat(ChainPreference.root(fingerprint(sameName)).matches(chain, List.of(root, sameName)))
                .isFalse();
    }

    @Test
    void aFingerprintIsReadInEachOfItsDresses() throws Exception {
        String digits = fingerprint(root);
        String dressed = digits.toUpperCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1:");

        assertThat(ChainPreference.root(dressed)).isEqualTo(ChainPreference.root(digits));
        assertThat(ChainPreference.root(digits.substring(0, 32) + "\n " + digits.substring(32)))
                .isEqualTo(ChainPreference.root(digits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abcd", "ISRG Root X1", "96bcec06264976f37460779acf28c5a7cfe8a3c0"})
    void whatIsNoFingerprintIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChainPreference.root(text))
                .withMessageContaining("64 hexadecimal digits");
    }

    @Test
    void aBlankNameIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChainPreference.issuer(" "));
    }

    @Test
    void anIssuerWithoutANameIsNobodysPreference() throws Exception {
        X509Certificate nameless = TestCertificates.certificate("CN=leaf", KEY.getPublic(), "C=US", ISSUER);

        assertThat(ChainPreference.issuer("US").matches(new CertificateChain(List.of(nameless)), List.of()))
                .isFalse();
    }

    @Test
    void saysWhatItIs() {
        assertThat(ChainPreference.issuer("ISRG Root X1")).hasToString("issuer \"ISRG Root X1\"");
        assertThat(ChainPreference.root("AB".repeat(32))).hasToString("root " + "ab".repeat(32));
    }
}
