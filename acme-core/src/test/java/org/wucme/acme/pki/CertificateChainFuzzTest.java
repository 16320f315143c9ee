package org.wucme.acme.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;

/** Whatever a CA sends for a certificate, it is read or refused, and nothing else happens. */
class CertificateChainFuzzTest {

    private static final List<Identifier> NAMES = List.of(Identifier.of("www.example.test"));

    @FuzzTest
    void parse(byte[] pem) {
        CertificateChain chain;
        try {
            chain = CertificateChain.parse(new String(pem, US_ASCII));
        } catch (PemException e) {
            assertThat(e).message().isNotEmpty();
            return;
        }
        try {
            PublicKey key = chain.leaf().getPublicKey();
            chain.requireFor(key, NAMES, Instant.parse("2026-11-22T12:00:00Z"));
        } catch (AcmeProtocolException e) {
            assertThat(e).message().startsWith("the CA");
        }
    }
}
