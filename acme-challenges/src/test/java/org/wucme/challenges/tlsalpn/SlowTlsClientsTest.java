package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.Proof;
import org.wucme.challenges.tlsalpn.TestTls.Hello;
import org.wucme.testing.SlowClients;
import org.wucme.testing.Stopwatch;

/** Handshakes are completed while other clients stall theirs, at whatever step. */
class SlowTlsClientsTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Hello HELLO = new Hello(TestTls.TLS_1_3, "www.example.org", List.of("acme-tls/1"));

    private final Proof proof = Proof.of("www.example.org");
    private final TlsAlpn01Responder responder = new TlsAlpn01Responder();
    private TlsAlpn01Server server;

    @BeforeEach
    void open() throws Exception {
        responder.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
        server = TlsAlpn01Server.open(ANY_PORT, responder);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void assertAnswers() throws Exception {
        ChallengeCertificateTest.assertAnswers(TestTls.ask(server.port(), HELLO).certificate(), proof);
    }

    private SlowClients attack(int clients, int addresses, byte... beginning) throws Exception {
        return SlowClients.attack(
                server.port(), SlowClients.sources(SlowClients.possible(clients), addresses), beginning);
    }

    private static byte[] hello() throws Exception {
        SSLEngine client = TestTls.client(HELLO);
        ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "200, 2"})
    void aCaIsAnsweredInTimeWhileOthersSendNothing(int addresses, int seconds) throws Exception {
        try (SlowClients slow = attack(4000, addresses)) {
            assertThat(Stopwatch.undisturbed(this::assertAnswers)).isLessThan(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "200, 2"})
    void aCaIsAnsweredInTimeWhileOthersSendHalfAHello(int addresses, int seconds) throws Exception {
        byte[] hello = hello();
        try (SlowClients slow = attack(4000, addresses, Arrays.copyOf(hello, hello.length / 2))) {
            assertThat(Stopwatch.undisturbed(this::assertAnswers)).isLessThan(Duration.ofSeconds(seconds));
        }
    }

    /** These cost a key exchange and a signature each, which the workers do in turns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void aCaIsAnsweredInTimeWhileOthersNeverFinish(int addresses) throws Exception {
        try (SlowClients slow = attack(1000, addresses, hello())) {
            assertThat(Stopwatch.undisturbed(this::assertAnswers)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aFewDescriptorsAreEnough() throws Exception {
        server.close();
        server = TlsAlpn01Server.open(
                ANY_PORT, responder, ConnectionLimits.defaults().withConnections(250));
        try (SlowClients slow = attack(4000, 200, (byte) 22)) {
            assertThat(Stopwatch.undisturbed(this::assertAnswers)).isLessThan(Duration.ofSeconds(2));
            slow.awaitClosed();
        }
    }
}
