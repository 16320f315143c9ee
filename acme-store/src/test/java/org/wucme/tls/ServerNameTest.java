package org.wucme.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.tls.TestCertificates.issue;
import static org.wucme.tls.TestCertificates.issueRsa;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;

/** Which certificate a handshake gets, told by its serial number. */
@Tag("embedding")
class ServerNameTest {

    private final MemorySource source = new MemorySource();
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
    }

    private TestServer serve(UnaryOperator<ServerCertificates.Builder> configuration) throws IOException {
        certificates = configuration.apply(ServerCertificates.builder(source)).open();
        server = TestServer.start(certificates.sslContext());
        return server;
    }

    private TestServer serve() throws IOException {
        return serve(UnaryOperator.identity());
    }

    private static long serial(X509Certificate certificate) {
        return certificate.getSerialNumber().longValueExact();
    }

    private static long ask(TestServer server, @Nullable String serverName) throws IOException {
        return serial(TestClient.TLS_1_3.ask(server, serverName));
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, www.example.org, 1",
        "TLSv1.3, www.example.org, 1",
        "TLSv1.2, WWW.Example.ORG, 1",
        "TLSv1.3, mail.example.org, 2",
        "TLSv1.2, mail.example.org, 2",
        "TLSv1.3, other.example.org, 3",
        "TLSv1.2, other.example.org, 3",
        "TLSv1.3, example.org, 2",
    })
    void theNameItselfComesBeforeAWildcard(String version, String serverName, long serial) throws IOException {
        source.put("A", issue(3, "*.example.org"))
                .put("B", issue(1, "www.example.org"))
                .put("C", issue(2, "example.org", "mail.example.org"));

        assertThat(serial(TestClient.of(version).ask(serve(), serverName))).isEqualTo(serial);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.example.org", "example.org", "wwwexample.org"})
    void aWildcardStandsForOneLabel(String serverName) throws IOException {
        source.put("A", issue(1, "fallback.example")).put("B", issue(2, "*.example.org"));

        assertThat(ask(serve(), serverName)).isEqualTo(1);
    }

    @Test
    void ofSeveralTheOneThatLivesLongestIsServed() throws IOException {
        Instant now = Instant.now();
        source.put("A", issue(TestCertificates.EC, TestCertificates.ROOT, 1, now.plusSeconds(3600), "www.example.org"))
                .put(
                        "B",
                        issue(
                                TestCertificates.EC,
                                TestCertificates.ROOT,
                                2,
                                now.plus(Duration.ofDays(9)),
                                "www.example.org",
                                "example.org"));

        assertThat(ask(serve(), "www.example.org")).isEqualTo(2);
    }

    @Test
    void whoReachedAnAddressGetsItsCertificate() throws IOException {
        source.put("A", issue(1, "www.example.org"))
                .put("B", issue(2, "192.0.2.1"))
                .put("C", issue(3, "127.0.0.1"));

        assertThat(ask(serve(), null)).isEqualTo(3);
    }

    @Test
    void whoReachedAnIpv6AddressGetsItsCertificate() throws IOException {
        source.put("A", issue(1, "www.example.org"))
                .put("B", issue(2, "127.0.0.1"))
                .put("C", issue(3, "::1"));
        certificates = ServerCertificates.builder(source).open();
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try {
            server = TestServer.start(certificates.sslContext(), InetAddress.getByAddress(loopback));
        } catch (BindException e) {
            Assumptions.abort("this machine has no IPv6");
        }

        assertThat(ask(server(), null)).isEqualTo(3);
    }

    @Test
    void anEngineThatIsAskedForNoNameGivesTheFirstCertificateForAnAddress() throws IOException {
        source.put("A", issue(1, "www.example.org"))
                .put("B", issue(2, "2001:db8::1"))
                .put("C", issue(3, "192.0.2.1"));
        serve();

        X509Certificate got = TestClient.TLS_1_3.ask(sslContext().createSSLEngine(), (String) null);

        assertThat(serial(got)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anEngineGivesTheCertificateForTheName(String version) throws IOException {
        source.put("A", issue(1, "www.example.org")).put("B", issue(2, "mail.example.org"));
        serve();

        X509Certificate got = TestClient.of(version).ask(sslContext().createSSLEngine(), "mail.example.org");

        assertThat(serial(got)).isEqualTo(2);
    }

    @Test
    void whoAsksForNoNameOrAnUnknownOneGetsTheFirstCertificate() throws IOException {
        source.put("B", issue(2, "b.example")).put("A", issue(1, "a.example"));
        serve();

        assertThat(ask(server(), "unknown.example")).isEqualTo(1);
        assertThat(ask(server(), null)).isEqualTo(1);
    }

    @Test
    void whoAsksForNoNameOrAnUnknownOneGetsTheConfiguredFallback() throws IOException {
        source.put("A", issue(1, "a.example")).put("B", issue(2, "*.b.example")).put("C", issue(3, "192.0.2.1"));
        serve(builder -> builder.fallback(Identifier.dns("www.b.example")));

        assertThat(ask(server(), "unknown.example")).isEqualTo(2);
        assertThat(ask(server(), null)).isEqualTo(2);
        source.remove("B");
        certificates().refresh();
        assertThat(ask(server(), "unknown.example")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoAsksForAnUnknownNameIsRefusedIfSoConfigured(String version) throws IOException {
        source.put("A", issue(1, "www.example.org"));
        serve(ServerCertificates.Builder::refuseUnknownNames);
        TestClient client = TestClient.of(version);

        assertThatThrownBy(() -> client.ask(server(), "unknown.example")).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> client.ask(server(), null)).isInstanceOf(SSLHandshakeException.class);
        assertThat(serial(client.ask(server(), "www.example.org"))).isEqualTo(1);
    }

    @Test
    void withoutAnyCertificateEveryHandshakeFails() throws IOException {
        serve();

        assertThatThrownBy(() -> ask(server(), "www.example.org")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void rsaAndEcAreServedSideBySide() throws IOException {
        source.put("A", issue(1, "ec.example")).put("B", issueRsa(2, "rsa.example"));
        serve();

        for (TestClient client : new TestClient[] {TestClient.TLS_1_2, TestClient.TLS_1_3}) {
            assertThat(serial(client.ask(server(), "ec.example"))).isEqualTo(1);
            assertThat(serial(client.ask(server(), "rsa.example"))).isEqualTo(2);
        }
    }

    @Test
    void ofAnRsaAndAnEcCertificateForOneNameTheClientGetsWhatItCanUse() throws IOException {
        source.put("A", issue(1, "www.example.org")).put("B", issueRsa(2, "www.example.org"));
        serve();

        assertThat(serial(TestClient.RSA_ONLY.ask(server(), "www.example.org"))).isEqualTo(2);
        assertThat(serial(TestClient.TLS_1_3.ask(server(), "www.example.org"))).isEqualTo(1);
    }

    @Test
    void aClientThatCannotUseTheKeyGetsAFailedHandshakeAndNoOtherCertificate() throws IOException {
        source.put("A", issue(1, "www.example.org")).put("B", issueRsa(2, "rsa.example"));
        serve();

        assertThatThrownBy(() -> TestClient.RSA_ONLY.ask(server(), "www.example.org"))
                .isInstanceOf(SSLHandshakeException.class);
        assertThat(ask(server(), "www.example.org")).isEqualTo(1);
    }

    @Test
    void aClientThatNamesIssuersGetsTheirCertificateIfThereIsOne() throws IOException {
        HeldCertificate otherRoot = new HeldCertificate.Builder()
                .commonName("other root")
                .certificateAuthority(0)
                .build();
        Instant end = Instant.now().plus(Duration.ofDays(30));
        source.put("A", issue(1, "a.example")).put("B", issue(TestCertificates.EC, otherRoot, 2, end, "a.example"));
        certificates = ServerCertificates.builder(source)
                .fallback(Identifier.dns("a.example"))
                .open();
        X509ExtendedKeyManager keys = certificates.keyManager();
        Principal other = otherRoot.certificate().getSubjectX500Principal();
        Principal unknown = new X500Principal("CN=unknown");

        assertThat(serial(chosen(keys, other))).isEqualTo(2);
        assertThat(serial(chosen(keys, other, other))).isEqualTo(2);
        assertThat(serial(chosen(keys, unknown))).isEqualTo(1);
        assertThat(serial(chosen(keys))).isEqualTo(1);
    }

    private static X509Certificate chosen(X509ExtendedKeyManager keys, Principal... issuers) {
        String alias = keys.chooseServerAlias("EC", issuers, null);
        return keys.getCertificateChain(alias)[0];
    }

    @Test
    void thereAreNoAliasesOutsideOfHandshakesAndNoClientKeys() throws IOException {
        source.put("A", issue(1, "a.example"));
        certificates = ServerCertificates.builder(source).open();
        X509ExtendedKeyManager keys = certificates.keyManager();

        assertThat(keys.getServerAliases("EC", null)).isNull();
        assertThat(keys.getClientAliases("EC", null)).isNull();
        assertThat(keys.chooseClientAlias(new String[] {"EC"}, null, null)).isNull();
        assertThat(keys.getPrivateKey("A")).isNull();
        assertThat(keys.getCertificateChain("A")).isNull();
        assertThat(keys.chooseEngineServerAlias("DSA", null, null)).isNull();
    }

    private ServerCertificates certificates() {
        return requireNonNull(certificates);
    }

    private SSLContext sslContext() {
        return certificates().sslContext();
    }

    private TestServer server() {
        return requireNonNull(server);
    }
}
