package org.wucme.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.tls.TestCertificates.issue;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;

class TemporaryCertificateTest {

    private static final List<Identifier> NAMES =
            List.of(Identifier.dns("www.example.org"), Identifier.dns("*.example.org"), Identifier.ip("192.0.2.1"));

    private final MemorySource source = new MemorySource();
    private final LogLines log = LogLines.collect();
    private final SetClock clock = new SetClock();
    private @Nullable ServerCertificates certificates;
    private @Nullable TestServer server;

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (certificates != null) {
            certificates.close();
        }
        log.close();
    }

    private ServerCertificates.Builder builder() {
        return ServerCertificates.builder(source).temporaryCertificate(NAMES).clock(clock);
    }

    private ServerCertificates serve(ServerCertificates.Builder builder) throws IOException {
        ServerCertificates opened = builder.open();
        certificates = opened;
        server = TestServer.start(opened.sslContext());
        return opened;
    }

    private X509Certificate ask(@Nullable String serverName) throws IOException {
        return TestClient.TLS_1_3.ask(requireNonNull(server), serverName);
    }

    @Test
    void itIsServedUntilTheFirstCertificateIsThere() throws Exception {
        ServerCertificates served = serve(builder());

        X509Certificate temporary = ask("www.example.org");

        temporary.verify(temporary.getPublicKey());
        assertThat(temporary.getSubjectX500Principal().getName()).contains("temporary self-signed certificate");
        assertThat(CertificateChain.identifiersOf(temporary)).isEqualTo(Set.copyOf(NAMES));
        assertThat(Duration.between(clock.instant(), temporary.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(7).minusSeconds(1), Duration.ofDays(7));
        assertThat(ask("mail.example.org")).isEqualTo(temporary);
        assertThat(ask("unknown.example")).isEqualTo(temporary);
        assertThat(ask(null)).isEqualTo(temporary);
        assertThat(log.warnings()).singleElement().asString().contains("temporary", "www.example.org");

        source.put("A", issue(1, "www.example.org"));
        served.refresh("A");
        assertThat(ask("www.example.org").getSerialNumber()).isEqualTo(1);
        assertThat(ask("unknown.example").getSerialNumber()).isEqualTo(1);
        assertThat(ask("mail.example.org")).isEqualTo(temporary);
    }

    @Test
    void itIsMadeAnewBeforeItEnds() throws IOException {
        serve(builder());
        X509Certificate first = ask("www.example.org");
        clock.advance(Duration.ofDays(5));
        assertThat(ask("www.example.org")).isEqualTo(first);

        clock.advance(Duration.ofDays(2));

        X509Certificate second = ask("www.example.org");
        assertThat(second.getNotAfter()).isAfter(first.getNotAfter());
        assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
    }

    @Test
    void unknownNamesAreRefusedAllTheSame() throws IOException {
        serve(builder().refuseUnknownNames());

        assertThat(ask("www.example.org").getSubjectX500Principal().getName()).contains("temporary");
        assertThatThrownBy(() -> ask("unknown.example")).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> TestClient.RSA_ONLY.ask(requireNonNull(server), "www.example.org"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    private static final class SetClock extends Clock {

        private volatile Instant now = Instant.now();

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
