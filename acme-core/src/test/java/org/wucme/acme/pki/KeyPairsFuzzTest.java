package org.wucme.acme.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever stands in a key file, it is read or refused, and nothing else happens. */
class KeyPairsFuzzTest {

    @FuzzTest
    void read(byte[] pem) {
        try {
            assertThat(KeyPairs.read(new String(pem, US_ASCII)).getPublic()).isNotNull();
        } catch (PemException e) {
            assertThat(e).message().isNotEmpty();
        }
    }
}
