package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTypeTest {

    @ParameterizedTest
    @CsvSource({"EC_P256,256", "EC_P384,384", "RSA_2048,2048", "RSA_3072,3072"})
    void aNewKeyHasItsSize(KeyType type, int bits) {
        var key = type.generate().getPublic();
        assertThat(
                        key instanceof RSAPublicKey rsa
                                ? rsa.getModulus().bitLength()
                                : ((ECPublicKey) key).getParams().getOrder().bitLength())
                .isEqualTo(bits);
    }

    @Test
    void anEdwardsKeyIsOfCurve25519() {
        EdECPublicKey key = (EdECPublicKey) KeyType.ED25519.generate().getPublic();
        assertThat(key.getParams().getName()).isEqualTo("Ed25519");
    }

    @ParameterizedTest
    @EnumSource
    void aTypeIsReadFromItsNameInAnyCase(KeyType type) {
        assertThat(KeyType.of(type.toString())).isEqualTo(type);
        assertThat(KeyType.of(type.toString().toUpperCase(Locale.ROOT))).isEqualTo(type);
    }

    @Test
    void theNamesAreThoseOfTheCommandLine() {
        assertThat(KeyType.values())
                .extracting(KeyType::toString)
                .containsExactly("ec-p256", "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rsa-1024", "ed448", "ec"})
    void otherTextsAreRefusedWithAListOfThose(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyType.of(name))
                .withMessageContaining("ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096, ed25519");
    }
}
