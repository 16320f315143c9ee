package org.wucme.acme.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTypeLikeTest {

    @ParameterizedTest
    @CsvSource({
        "1024, rsa-2048",
        "2047, rsa-2048",
        "2048, rsa-2048",
        "3072, rsa-3072",
        "4096, rsa-4096",
        "8192, rsa-4096"
    })
    void anRsaKeyIsReplacedByOneOfItsStrength(int bits, String expected) throws GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
        RSAPublicKeySpec key = new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537));

        assertThat(KeyType.like(KeyFactory.getInstance("RSA").generatePublic(key)))
                .contains(KeyType.of(expected));
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, ec-p256", "secp384r1, ec-p384", "secp521r1, ec-p384"})
    void aKeyOfACurveIsReplacedByOneThatCasAccept(String curve, String expected) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));

        assertThat(KeyType.like(generator.generateKeyPair().getPublic())).contains(KeyType.of(expected));
    }

    @Test
    void anyOtherKeyIsReplacedByTheDefault() throws GeneralSecurityException {
        assertThat(KeyType.like(KeyPairGenerator.getInstance("Ed25519")
                        .generateKeyPair()
                        .getPublic()))
                .isEmpty();
    }
}
