package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** Chains of a CA with three roots and two intermediates below each, and its renewal information. */
@RequiresPebble
class PebbleCertificatesIT {

    private static final int CHAINS = 3;
    private static final String NAME = "www.example.test";

    private static Pebble pebble;
    private static Http01Server server;
    private static List<X509Certificate> roots;

    private AcmeClient client;
    private Account account;

    @BeforeAll
    static void start() throws IOException {
        pebble = Pebble.start(Pebble.options().alternateRoots(CHAINS - 1).chainLength(2));
        server = Http01Server.start(pebble.httpPort());
        roots = new ArrayList<>();
        for (int i = 0; i < CHAINS; i++) {
            roots.add(pebble.issuerRoot(i));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        pebble.close();
    }

    @BeforeEach
    void register() throws IOException {
        List<X509Certificate> trusted = new ArrayList<>(roots);
        trusted.add(pebble.tlsRoot());
        client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(trusted)
                .build();
        account = TestClients.register(client);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private X509Certificate issue() throws IOException {
        return account.obtain(CertificateRequest.of(NAME), server).chain().leaf();
    }

    private CertificateChain obtain(ChainPreference preference) throws IOException {
        return account.obtain(
                        CertificateRequest.builder(List.of(Identifier.dns(NAME)))
                                .preferredChain(preference)
                                .build(),
                        server)
                .chain();
    }

    private static void assertBelow(CertificateChain chain, int root) {
        assertThat(chain.certificates()).hasSizeGreaterThan(2);
        assertThatCode(() -> chain.topmost().verify(roots.get(root).getPublicKey()))
                .doesNotThrowAnyException();
    }

    private static String commonName(X509Certificate root) {
        return root.getSubjectX500Principal().getName().replaceFirst("^.*CN=", "");
    }

    private static String fingerprint(X509Certificate certificate) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    @Test
    void aChainIsChosenByTheNameOfItsIssuer() throws Exception {
        for (int i = 0; i < CHAINS; i++) {
            assertBelow(obtain(ChainPreference.issuer(commonName(roots.get(i)))), i);
        }
    }

    @Test
    void aChainIsChosenByTheFingerprintOfItsRoot() throws Exception {
        for (int i = 0; i < CHAINS; i++) {
            assertBelow(obtain(ChainPreference.root(fingerprint(roots.get(i)))), i);
        }
    }

    @Test
    void theCasChoiceStandsWhenNoChainIsThePreferredOne() throws Exception {
        assertBelow(obtain(ChainPreference.issuer("ISRG Root X1")), 0);
        assertBelow(obtain(ChainPreference.root(fingerprint(pebble.tlsRoot()))), 0);
    }

    @Test
    void aNewCertificateHasAWindowBeforeItsEnd() throws IOException {
        X509Certificate leaf = issue();
        Instant now = Instant.now();

        RenewalInfo info = client.fetchRenewalInfo(leaf);

        assertThat(info.windowStart()).isAfter(now);
        assertThat(info.windowEnd()).isBefore(leaf.getNotAfter().toInstant());
        assertThat(info.askAgainAt()).isAfter(now).isBefore(now.plus(Duration.ofDays(2)));
        assertThat(info.choose(null, new Random(1)).isDue(now, now.plus(Duration.ofHours(12))))
                .isFalse();
    }

    @Test
    void theWindowIsTheOneThatTheCaSets() throws IOException {
        X509Certificate leaf = issue();
        pebble.setRenewalInfo(
                leaf,
                "{\"suggestedWindow\":{\"start\":\"2030-01-01T00:00:00.25Z\",\"end\":\"2030-01-02T00:00:00Z\"},"
                        + "\"explanationURL\":\"https://ca.example/incident\"}");

        RenewalInfo info = client.fetchRenewalInfo(leaf);

        assertThat(info.windowStart()).isEqualTo("2030-01-01T00:00:00.250Z");
        assertThat(info.windowEnd()).isEqualTo("2030-01-02T00:00:00Z");
        assertThat(info.explanationUrl()).isEqualTo("https://ca.example/incident");
    }

    @Test
    void aWindowInThePastMeansNow() throws IOException {
        X509Certificate leaf = issue();
        pebble.setRenewalInfo(
                leaf, "{\"suggestedWindow\":{\"start\":\"2020-01-01T00:00:00Z\",\"end\":\"2020-01-02T00:00:00Z\"}}");

        RenewalTime chosen = client.fetchRenewalInfo(leaf).choose(null, new Random(1));

        assertThat(chosen.isDue(Instant.now(), Instant.now())).isTrue();
    }

    @Test
    void aCertificateIsDueWhenItIsRevoked() throws IOException {
        X509Certificate leaf = issue();
        RenewalTime before = client.fetchRenewalInfo(leaf).choose(null, new Random(1));
        account.revoke(leaf, RevocationReason.SUPERSEDED);

        RenewalTime after = client.fetchRenewalInfo(leaf).choose(before, new Random(1));

        assertThat(after).isNotEqualTo(before);
        assertThat(after.isDue(Instant.now(), Instant.now())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not JSON",
                "{}",
                "{\"suggestedWindow\":{\"start\":\"2030-01-02T00:00:00Z\",\"end\":\"2030-01-01T00:00:00Z\"}}",
                "{\"suggestedWindow\":{\"start\":\"2030-01-02T00:00:00Z\",\"end\":\"2030-01-02T00:00:00Z\"}}",
                "{\"suggestedWindow\":{\"start\":\"2030-01-02T00:00:00Z\"}}"
            })
    void nonsenseIsNoAnswerAndNoObstacle(String nonsense) throws IOException {
        X509Certificate leaf = issue();
        pebble.setRenewalInfo(leaf, nonsense);

        assertThatExceptionOfType(AcmeRenewalInfoException.class).isThrownBy(() -> client.fetchRenewalInfo(leaf));
        assertThat(client.askRenewalInfo(leaf)).isInstanceOf(RenewalAnswer.Unavailable.class);
    }
}
