package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.challenges.Proof;
import org.wucme.challenges.tlsalpn.TestTls.Answer;
import org.wucme.challenges.tlsalpn.TestTls.Hello;
import org.wucme.testing.ForeignEngine;

/** A server with a certificate of its own that answers challenges beside its traffic. */
@Tag("embedding")
class TlsAlpn01KeyManagerTest {

    private static final HeldCertificate EC =
            new HeldCertificate.Builder().ecdsa256().build();
    private static final HeldCertificate RSA =
            new HeldCertificate.Builder().rsa2048().build();
    private static final List<String> CA = List.of("acme-tls/1");

    private final TlsAlpn01Responder responder = new TlsAlpn01Responder();
    private final Proof proof = Proof.of("www.example.org");

    @BeforeEach
    void present() {
        responder.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
    }

    private X509ExtendedKeyManager beside(HeldCertificate own) {
        return new TlsAlpn01KeyManager(responder, TestTls.own(own));
    }

    private Answer askEngine(Consumer<SSLEngine> setUp, Hello hello) throws SSLException {
        SSLEngine engine = TestTls.server(beside(EC)).createSSLEngine();
        setUp.accept(engine);
        return TestTls.ask(engine, hello);
    }

    private static void setProtocols(SSLEngine engine, String... protocols) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
    }

    private static void offerBesideH2(SSLEngine engine) {
        setProtocols(engine, "h2", "http/1.1");
        AcmeTlsProtocol.offer(engine);
    }

    private static Hello hello(String version, List<String> protocols) {
        return new Hello(version, "www.example.org", protocols);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestTls.TLS_1_2, TestTls.TLS_1_3})
    void anEngineAnswersTheCaAndEverybodyElseAsBefore(String version) throws Exception {
        Answer ca = askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(version, CA));
        ChallengeCertificateTest.assertAnswers(ca.certificate(), proof);
        assertThat(ca.protocol()).isEqualTo("acme-tls/1");
        Answer browser = askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(version, List.of("http/1.1", "h2")));
        assertThat(browser.certificate()).isEqualTo(EC.certificate());
        assertThat(browser.protocol()).isEqualTo("h2");
        Answer old = askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(version, List.of("http/1.1")));
        assertThat(old.protocol()).isEqualTo("http/1.1");
        Answer plain = askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(version, List.of()));
        assertThat(plain.certificate()).isEqualTo(EC.certificate());
        assertThat(plain.protocol()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestTls.TLS_1_2, TestTls.TLS_1_3})
    void aSocketAnswersTheCaAndEverybodyElseAsBefore(String version) throws Exception {
        for (HeldCertificate own : List.of(EC, RSA)) {
            Answer ca = askSocket(own, hello(version, CA));
            ChallengeCertificateTest.assertAnswers(ca.certificate(), proof);
            assertThat(ca.protocol()).isEqualTo("acme-tls/1");
            Answer browser = askSocket(own, hello(version, List.of("h2", "http/1.1")));
            assertThat(browser.certificate()).isEqualTo(own.certificate());
            assertThat(browser.protocol()).isEqualTo("http/1.1");
            assertThat(askSocket(own, hello(version, List.of())).certificate()).isEqualTo(own.certificate());
        }
    }

    private Answer askSocket(HeldCertificate own, Hello hello) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (SSLServerSocket server = (SSLServerSocket) TestTls.server(beside(own))
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            SSLParameters parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            server.setSSLParameters(parameters);
            Future<?> served = pool.submit(() -> {
                serveOne(server);
                return null;
            });
            Answer answer = TestTls.ask(server.getLocalPort(), hello);
            served.get();
            return answer;
        } finally {
            pool.shutdownNow();
        }
    }

    private static void serveOne(SSLServerSocket server) throws IOException {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            AcmeTlsProtocol.offer(socket);
            socket.startHandshake();
        }
    }

    @Test
    void theCaIsNeverShownTheServersOwnCertificate() {
        Hello stranger = new Hello(TestTls.TLS_1_3, "unknown.example", CA);
        assertThatThrownBy(() -> askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, stranger))
                .isInstanceOf(SSLException.class);
        Hello nameless = new Hello(TestTls.TLS_1_2, null, CA);
        assertThatThrownBy(() -> askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, nameless))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aClientWithoutTheProtocolIsNeverShownAChallengeCertificate() throws Exception {
        Answer answer =
                askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(TestTls.TLS_1_3, List.of("acme-tls/1", "h2")));
        assertThat(answer.protocol()).isEqualTo("h2");
        assertThat(answer.certificate()).isEqualTo(EC.certificate());
    }

    @Test
    void aServerWithoutProtocolsGoesOnWithout() throws Exception {
        Answer browser = askEngine(AcmeTlsProtocol::offer, hello(TestTls.TLS_1_3, List.of("h2")));
        assertThat(browser.certificate()).isEqualTo(EC.certificate());
        assertThat(browser.protocol()).isEmpty();
        Answer ca = askEngine(AcmeTlsProtocol::offer, hello(TestTls.TLS_1_3, CA));
        ChallengeCertificateTest.assertAnswers(ca.certificate(), proof);
    }

    @Test
    void aProtocolThatTheServerDoesNotHaveIsRefusedAsBefore() {
        assertThatThrownBy(() ->
                        askEngine(TlsAlpn01KeyManagerTest::offerBesideH2, hello(TestTls.TLS_1_3, List.of("spdy/3"))))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aSelectorOfTheServersOwnKeepsItsWord() throws Exception {
        Consumer<SSLEngine> setUp = engine -> {
            engine.setHandshakeApplicationProtocolSelector((same, asked) -> asked.get(asked.size() - 1));
            AcmeTlsProtocol.offer(engine);
        };
        assertThat(askEngine(setUp, hello(TestTls.TLS_1_3, List.of("x", "y"))).protocol())
                .isEqualTo("y");
        assertThat(askEngine(setUp, hello(TestTls.TLS_1_3, CA)).protocol()).isEqualTo("acme-tls/1");
    }

    @ParameterizedTest
    @CsvSource({"acme-tls/1, acme-tls/1", "h2, h2", "http/1.1, http/1.1"})
    void parametersOfferItBesideTheServersOwn(String asked, String agreed) throws Exception {
        Consumer<SSLEngine> setUp = engine -> {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            AcmeTlsProtocol.offer(parameters);
            AcmeTlsProtocol.offer(parameters);
            assertThat(parameters.getApplicationProtocols()).containsExactly("h2", "http/1.1", "acme-tls/1");
            engine.setSSLParameters(parameters);
        };
        assertThat(askEngine(setUp, hello(TestTls.TLS_1_3, List.of(asked))).protocol())
                .isEqualTo(agreed);
    }

    @Test
    void parametersWithoutProtocolsAreNotTouched() {
        SSLParameters parameters = new SSLParameters();
        assertThatIllegalArgumentException().isThrownBy(() -> AcmeTlsProtocol.offer(parameters));
        assertThat(parameters.getApplicationProtocols()).isEmpty();
    }

    @Test
    void whatIsNotAServersChoiceIsLeftToItsOwnKeyManager() {
        X509ExtendedKeyManager own = TestTls.own(EC);
        TlsAlpn01KeyManager manager = new TlsAlpn01KeyManager(responder, own);
        String[] ec = {"EC"};
        String alias = own.chooseServerAlias("EC", null, null);
        assertThat(alias).isNotNull();
        assertThat(manager.getServerAliases("EC", null)).hasSameSizeAs(own.getServerAliases("EC", null));
        assertThat(manager.getClientAliases("EC", null)).hasSameSizeAs(own.getClientAliases("EC", null));
        assertThat(manager.chooseServerAlias("EC", null, null)).isNotNull();
        assertThat(manager.chooseEngineServerAlias("EC", null, null)).isNotNull();
        assertThat(manager.chooseClientAlias(ec, null, null)).isNotNull();
        assertThat(manager.chooseEngineClientAlias(ec, null, null)).isNotNull();
        assertThat(manager.getCertificateChain(alias)).containsExactly(EC.certificate());
        assertThat(manager.getPrivateKey(alias)).isEqualTo(EC.keyPair().getPrivate());
    }

    @Test
    void withoutAKeyManagerOfTheServersOwnThereIsNothingElse() {
        TlsAlpn01KeyManager alone = new TlsAlpn01KeyManager(responder);
        String[] ec = {"EC"};
        assertThat(alone.getServerAliases("EC", null)).isNull();
        assertThat(alone.getClientAliases("EC", null)).isNull();
        assertThat(alone.chooseServerAlias("EC", null, null)).isNull();
        assertThat(alone.chooseEngineServerAlias("EC", null, null)).isNull();
        assertThat(alone.chooseClientAlias(ec, null, null)).isNull();
        assertThat(alone.chooseEngineClientAlias(ec, null, null)).isNull();
        assertThat(alone.getCertificateChain("x")).isNull();
        assertThat(alone.getPrivateKey("x")).isNull();
    }

    @Test
    void anAliasOfSomethingWithdrawnHasNeitherKeyNorCertificate() {
        TlsAlpn01KeyManager manager = new TlsAlpn01KeyManager(responder, TestTls.own(EC));
        assertThat(manager.getCertificateChain("acme-tls/1 99")).isNull();
        assertThat(manager.getPrivateKey("acme-tls/1 99")).isNull();
    }

    /** As Bouncy Castle's, Conscrypt and Netty's OpenSSL do. */
    @Test
    void aTlsThatHidesTheProtocolIsLoggedOnceAndServesOnWithTheServersOwnCertificate() {
        TlsAlpn01KeyManager manager = new TlsAlpn01KeyManager(responder, TestTls.own(EC));
        SSLEngine hiding = new ForeignEngine(() -> List.of(new SNIHostName("www.example.org")), () -> null);
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                warnings.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(TlsAlpn01KeyManager.class.getName());
        logger.addHandler(handler);
        try {
            String alias = Objects.requireNonNull(manager.chooseEngineServerAlias("EC", null, hiding));
            manager.chooseEngineServerAlias("EC", null, hiding);

            assertThat(manager.getCertificateChain(alias)).containsExactly(EC.certificate());
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).singleElement().asString().startsWith("WARNING").contains("tls-alpn-01", "http-01");
    }

    @Test
    void aChallengeIsAnsweredInTheWordsOfEveryTls() {
        TlsAlpn01KeyManager manager = new TlsAlpn01KeyManager(responder, TestTls.own(RSA));
        SSLEngine engine = new ForeignEngine(
                () -> List.of(new SNIServerName(0, "WWW.example.org.".getBytes(StandardCharsets.US_ASCII)) {}),
                () -> "acme-tls/1");
        for (String keyType : List.of("EC", "EC/secp256r1", "ECDHE_ECDSA")) {
            assertThat(manager.chooseEngineServerAlias(keyType, null, engine)).startsWith("acme-tls/1");
        }
        for (String keyType : List.of("RSA", "EC/secp384r1", "ECDHE_RSA", "EdDSA")) {
            assertThat(manager.chooseEngineServerAlias(keyType, null, engine)).isNull();
        }
    }
}
