package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.ListenException.Reason;
import org.wucme.challenges.Proof;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.tlsalpn.TestTls.Answer;
import org.wucme.challenges.tlsalpn.TestTls.Hello;
import org.wucme.testing.LogLines;

@Tag("embedding")
class TlsAlpn01ServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Proof proof = Proof.of("www.example.org");
    private TlsAlpn01Server server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = TlsAlpn01Server.open(ANY_PORT);
        port = server.port();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Presented present(TlsAlpn01Server server, Proof proof) throws IOException {
        return server.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
    }

    private static Hello hello(String version, @Nullable String serverName) {
        return new Hello(version, serverName, List.of("acme-tls/1"));
    }

    private static void assertFree(int port) throws IOException {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** RFC 8737 section 3 and RFC 8738 section 6. */
    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, www.example.org, www.example.org",
        "TLSv1.3, www.example.org, WWW.EXAMPLE.ORG",
        "TLSv1.2, 192.0.2.7, 7.2.0.192.in-addr.arpa",
        "TLSv1.3, 192.0.2.7, 7.2.0.192.in-addr.arpa",
        "TLSv1.2, 2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        "TLSv1.3, 2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    })
    void answersAValidator(String version, String identifier, String serverName) throws Exception {
        Proof mine = Proof.of(identifier);
        present(server, proof);
        present(server, mine);
        present(server, Proof.of("other.example"));
        Answer answer = TestTls.ask(port, hello(version, serverName));
        ChallengeCertificateTest.assertAnswers(
                answer.certificate(), identifier.equals("www.example.org") ? proof : mine);
        assertThat(answer.protocol()).isEqualTo("acme-tls/1");
        assertThat(answer.bytesRead()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestTls.TLS_1_2, TestTls.TLS_1_3})
    void refusesEverybodyElse(String version) throws IOException {
        present(server, proof);
        List<Hello> others = List.of(
                new Hello(version, "www.example.org", List.of()),
                new Hello(version, "www.example.org", List.of("h2", "http/1.1")),
                hello(version, "unknown.example"),
                hello(version, "sub.www.example.org"),
                hello(version, null));
        for (Hello other : others) {
            assertThatThrownBy(() -> TestTls.ask(port, other))
                    .as(other.toString())
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void theAnswerIsGoneOnceClosed() throws IOException {
        present(server, proof).close();
        assertThatThrownBy(() -> TestTls.ask(port, hello(TestTls.TLS_1_3, "www.example.org")))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void silentClientsAreCutOffAndOthersAreServedMeanwhile() throws Exception {
        TlsAlpn01Responder responder = new TlsAlpn01Responder();
        Listener.Bound bound = TlsAlpn01Server.bind(ANY_PORT, responder, Duration.ofMillis(1500));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), bound.port());
                socket.setSoTimeout(30_000);
                silent.add(socket);
            }
            responder.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
            Answer answer = TestTls.ask(bound.port(), hello(TestTls.TLS_1_3, "www.example.org"));
            ChallengeCertificateTest.assertAnswers(answer.certificate(), proof);
            for (Socket socket : silent) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            bound.close();
        }
    }

    @Test
    void whatIsNotTlsIsCutOff() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
        }
    }

    @Test
    void manyNamesAndOrdersAtOnce() throws Exception {
        Concurrently.run(100, 8, number -> {
            Proof mine = Proof.of("n" + number + ".example");
            String version = number % 2 == 0 ? TestTls.TLS_1_2 : TestTls.TLS_1_3;
            try (Presented presented = present(server, mine)) {
                Answer answer =
                        TestTls.ask(port, hello(version, mine.identifier().value()));
                ChallengeCertificateTest.assertAnswers(answer.certificate(), mine);
            }
        });
    }

    @Test
    void aServerThatStaysUpIsFreeOnlyOnceClosed() throws Exception {
        present(server, proof).close();
        try (Presented again = present(server, proof)) {
            Answer answer = TestTls.ask(port, hello(TestTls.TLS_1_3, "www.example.org"));
            ChallengeCertificateTest.assertAnswers(answer.certificate(), proof);
        }
        server.close();
        assertFree(port);
    }

    @Test
    void aServerThatIsOnlyUpWhileNeededLeavesThePortFreeBeforeAndAfter() throws Exception {
        server.close();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (TlsAlpn01Server needed = TlsAlpn01Server.whileNeeded(address)) {
            assertThat(needed.canSolve(proof.tlsAlpn01(), proof.identifier())).isTrue();
            assertFree(port);
            for (int i = 0; i < 10; i++) {
                try (Presented presented = present(needed, proof)) {
                    Answer answer = TestTls.ask(port, hello(TestTls.TLS_1_3, "www.example.org"));
                    ChallengeCertificateTest.assertAnswers(answer.certificate(), proof);
                }
                assertFree(port);
            }
        }
    }

    @Test
    void anInterruptedThreadLeavesThePortFree() throws IOException {
        server.close();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        TlsAlpn01Server needed = TlsAlpn01Server.whileNeeded(address);
        Thread.currentThread().interrupt();
        try (Presented presented = present(needed, proof)) {
            assertThat(needed.port()).isEqualTo(port);
        }
        assertThat(Thread.interrupted()).isTrue();
        assertFree(port);
    }

    @Test
    void aCheckFindsOutWhetherThePortCanBeHadAndLeavesItFree() throws IOException {
        List<Identifier> names = List.of(proof.identifier());
        server.check(names);
        try (TlsAlpn01Server needed =
                TlsAlpn01Server.whileNeeded(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> needed.check(names))
                    .matches(e -> e.reason() == Reason.PORT_IN_USE);
            server.close();
            needed.check(names);
            assertFree(port);
            try (Presented presented = present(needed, proof)) {
                needed.check(names);
                assertThat(needed.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void settingsTellAddressAndPort() throws IOException {
        assertThat(settings(1, 8001))
                .isEqualTo(settings(1, 8001))
                .isNotEqualTo(settings(1, 8002))
                .isNotEqualTo(settings(2, 8001));
    }

    private static String settings(int host, int port) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        return TlsAlpn01Server.whileNeeded(new InetSocketAddress(address, port)).settings();
    }

    @Test
    void aPortInUseIsSaid() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(() -> present(TlsAlpn01Server.whileNeeded(taken), proof))
                .withMessageContaining("port " + port + ": another program uses it")
                .withMessageContaining("another")
                .matches(e -> e.reason() == Reason.PORT_IN_USE);
    }

    @Test
    void anAddressThatIsNotLocalIsSaid() {
        for (InetSocketAddress address : List.of(
                new InetSocketAddress("192.0.2.1", 0), InetSocketAddress.createUnresolved("nowhere.invalid", 0))) {
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> TlsAlpn01Server.open(address))
                    .matches(e -> e.reason() == Reason.ADDRESS_NOT_LOCAL);
        }
    }

    @Test
    void theNameOfEachAnswerIsLoggedAndThatOfAHandshakeWithoutAChallenge() throws Exception {
        try (LogLines log = LogLines.of("org.wucme.challenges.tlsalpn");
                Presented presented = present(server, proof)) {
            TestTls.ask(port, hello("TLSv1.3", "www.example.org"));
            assertThat(log.await(line -> line.contains("www.example.org"))).contains("answering tls-alpn-01");

            assertThatThrownBy(() -> TestTls.ask(port, hello("TLSv1.3", "other.example.org")))
                    .isInstanceOf(IOException.class);
            assertThat(log.await(line -> line.contains("other.example.org"))).contains("no challenge is pending");
        }
    }
}
