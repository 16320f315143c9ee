package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Identifier;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.store.CertificateSpec;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;
import org.wucme.tls.ServerCertificates;

/** One port of one server: its traffic with current certificates, and the tls-alpn-01 challenges for them. */
class OnePortTest {

    private static final String NAME = "localhost";

    private final TlsAlpn01Responder responder = new TlsAlpn01Responder();

    @Test
    void aServerProvesItsNameOnThePortThatItServesAndRenewsWhileItRuns(@TempDir Path folder) throws Exception {
        FileStore store = FileStore.open(folder);
        try (TestCa ca = TestCa.start();
                ServerCertificates certificates = ServerCertificates.builder(store)
                        .temporaryCertificate(List.of(Identifier.dns(NAME)))
                        .open();
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            try (OnePortServer server = new OnePortServer(0, certificates.keyManager(), responder)) {
                int port = server.port();
                ca.validateTlsAlpn01At(port);
                Account account = client.register(
                        Registration.with(KeyType.EC_P256.generate()).agreeToTerms());

                X509Certificate first = obtain(account, store, certificates);
                assertThat(certificateAt(port, ca)).isEqualTo(first);
                X509Certificate second = obtain(account, store, certificates);
                assertThat(certificateAt(port, ca)).isEqualTo(second).isNotEqualTo(first);
            }
        }
    }

    private X509Certificate obtain(Account account, FileStore store, ServerCertificates certificates)
            throws IOException {
        IssuedCertificate issued = account.obtain(CertificateRequest.of(NAME), responder);
        String name = store.nameOf(Identifier.dns(NAME));
        try (Lease lease = store.lease(LeaseNames.certificate(name), Duration.ofSeconds(10))
                .orElseThrow()) {
            store.save(
                    lease,
                    name,
                    issued.chain(),
                    Objects.requireNonNull(issued.key()),
                    RenewalRecord.of(CertificateSpec.builder(issued.chain().identifiers())
                            .build()),
                    null);
        }
        certificates.refresh(name);
        return issued.chain().leaf();
    }

    /** What a client that trusts the CA gets: an answer, and over which certificate. */
    private static X509Certificate certificateAt(int port, TestCa ca) throws IOException {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(ca.issuerRoot())
                .build();
        OkHttpClient browser = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
        Request request =
                new Request.Builder().url("https://" + NAME + ":" + port + "/").build();
        try (Response response = browser.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo(OnePortServer.GREETING);
            return (X509Certificate) Objects.requireNonNull(response.handshake())
                    .peerCertificates()
                    .get(0);
        } finally {
            browser.connectionPool().evictAll();
            browser.dispatcher().executorService().shutdown();
        }
    }
}
