package org.wucme.acme.internal.jca;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.pki.KeyType;

/** Every word by which SunJSSE, BCJSSE, Conscrypt and Netty's OpenSSL were seen to ask for a key. */
class TlsKeyTypeTest {

    private static final List<String> ASKED = List.of(
            "EC",
            "EC/secp256r1",
            "EC/secp384r1",
            "EC/secp521r1",
            "ECDHE_ECDSA",
            "EC_EC",
            "EC_RSA",
            "EdDSA",
            "Ed25519",
            "Ed448",
            "RSA",
            "RSASSA-PSS",
            "ECDHE_RSA",
            "DHE_RSA",
            "KE:RSA",
            "DH_RSA",
            "DHE_DSS",
            "DSA",
            "UNKNOWN");

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(KeyType.EC_P256, List.of("EC", "EC/secp256r1", "ECDHE_ECDSA", "EC_EC", "UNKNOWN")),
                Arguments.of(KeyType.EC_P384, List.of("EC", "EC/secp384r1", "ECDHE_ECDSA", "EC_EC", "UNKNOWN")),
                Arguments.of(KeyType.RSA_2048, List.of("RSA", "ECDHE_RSA", "DHE_RSA", "KE:RSA", "UNKNOWN")),
                Arguments.of(KeyType.ED25519, List.of("EdDSA", "Ed25519", "UNKNOWN")));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aKeyIsGivenWhereItIsAskedForAndNowhereElse(KeyType type, List<String> expected) {
        TlsKeyType key = TlsKeyType.of(type.generate().getPublic());

        assertThat(ASKED.stream().filter(key::isAskedForAs)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theKeyOfAChallengeIsOnP256() {
        assertThat(TlsKeyType.of(KeyType.EC_P256.generate().getPublic())).isEqualTo(TlsKeyType.EC_P256);
    }
}
