package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.challenges.Proof;
import org.wucme.challenges.internal.SlowStore;
import org.wucme.challenges.tlsalpn.TestTls.Answer;
import org.wucme.challenges.tlsalpn.TestTls.Hello;

/** Handshakes for what another process presents by the same store. */
class SharedTlsAlpn01Test {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final HeldCertificate OWN =
            new HeldCertificate.Builder().ecdsa256().build();

    private final SlowStore store = new SlowStore();
    private final TlsAlpn01Responder responder = new TlsAlpn01Responder().sharedBy(store);
    private final Proof proof = Proof.of("www.example.org");

    @AfterEach
    void release() {
        store.release();
    }

    private static PendingAnswer answer(Proof proof) {
        return PendingAnswer.of(
                proof.tlsAlpn01(),
                proof.identifier(),
                proof.account(),
                Instant.now().plusSeconds(60));
    }

    private static Hello hello(String version, String name) {
        return new Hello(version, name, List.of("acme-tls/1"));
    }

    private Answer askEmbedded(Hello hello) throws SSLException {
        SSLEngine engine = TestTls.server(new TlsAlpn01KeyManager(responder, TestTls.own(OWN)))
                .createSSLEngine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        AcmeTlsProtocol.offer(parameters);
        engine.setSSLParameters(parameters);
        return TestTls.ask(engine, hello);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestTls.TLS_1_2, TestTls.TLS_1_3})
    void aKeyManagerAnswersForAnotherProcess(String version) throws Exception {
        store.put(answer(proof));

        Answer found = askEmbedded(hello(version, "WWW.example.org"));
        ChallengeCertificateTest.assertAnswers(found.certificate(), proof);
        Proof later = Proof.of("www.example.org");
        store.put(answer(later));
        ChallengeCertificateTest.assertAnswers(
                askEmbedded(hello(version, "www.example.org")).certificate(), later);
        store.remove(answer(later));
        assertThatThrownBy(() -> askEmbedded(hello(version, "www.example.org"))).isInstanceOf(SSLException.class);
    }

    @Test
    void everybodyElseIsServedWithoutTheStore() throws Exception {
        Answer browser = askEmbedded(new Hello(TestTls.TLS_1_3, "www.example.org", List.of()));

        assertThat(browser.certificate()).isEqualTo(OWN.certificate());
        assertThat(store.reads()).isEmpty();
    }

    @Test
    void aNameThatIsNoneAsksNothing() {
        assertThat(responder.aliasAnywhere("www.example.org/../x")).isNull();
        assertThat(responder.ask("www example org")).isCompleted();
        assertThat(responder.ask(null)).isCompleted();
        assertThat(store.reads()).isEmpty();
    }

    /** More handshakes than the server has threads wait for a store that hangs; what is presented here is served at once. */
    @Test
    void aScanOccupiesNoThreadAndDelaysNoKnownAnswer() throws Exception {
        store.hold();
        responder.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
        ExecutorService scanners = Executors.newFixedThreadPool(40);
        try (TlsAlpn01Server server = TlsAlpn01Server.open(ANY_PORT, responder)) {
            for (int i = 0; i < 40; i++) {
                String name = "scan-" + i + ".example";
                Future<Answer> unused = scanners.submit(() -> TestTls.ask(server.port(), hello(TestTls.TLS_1_3, name)));
            }
            while (store.reads().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            for (int i = 0; i < 3; i++) {
                Answer known = TestTls.ask(server.port(), hello(TestTls.TLS_1_3, "www.example.org"));
                ChallengeCertificateTest.assertAnswers(known.certificate(), proof);
            }
            assertThat(store.mostRunning()).isEqualTo(1);
        } finally {
            scanners.shutdownNow();
        }
    }
}
