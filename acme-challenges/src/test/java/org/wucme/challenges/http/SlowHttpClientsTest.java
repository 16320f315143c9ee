package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.Proof;
import org.wucme.testing.SlowClients;
import org.wucme.testing.Stopwatch;

/** Requests are answered while other clients send half a request and keep their connections. */
class SlowHttpClientsTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] HALF = "GET /.well-known/acme-challenge/x HT".getBytes(StandardCharsets.US_ASCII);

    private final Proof proof = Proof.of("www.example.org");
    private final String path = proof.http01().path();

    private static SlowClients attack(int port, int clients, int addresses) throws Exception {
        return SlowClients.attack(port, SlowClients.sources(SlowClients.possible(clients), addresses), HALF);
    }

    private Http01Server open(ConnectionLimits limits) throws Exception {
        Http01Responder responder = new Http01Responder();
        responder.present(proof.http01(), proof.identifier(), proof.account());
        return Http01Server.open(ANY_PORT, responder, limits);
    }

    private void assertAnswers(int port) throws Exception {
        assertThat(RawHttp.get(port, "www.example.org", path).body())
                .isEqualTo(proof.answer().value());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "200, 2"})
    void aCaIsAnsweredInTime(int addresses, int seconds) throws Exception {
        try (Http01Server server = open(ConnectionLimits.defaults());
                SlowClients slow = attack(server.port(), 4000, addresses)) {
            assertThat(Stopwatch.undisturbed(() -> assertAnswers(server.port())))
                    .isLessThan(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "200, 2"})
    void aCaIsAnsweredInTimeIfAFewDescriptorsAreAllThereIs(int addresses, int seconds) throws Exception {
        try (Http01Server server = open(ConnectionLimits.defaults().withConnections(250));
                SlowClients slow = attack(server.port(), 4000, addresses)) {
            assertThat(Stopwatch.undisturbed(() -> assertAnswers(server.port())))
                    .isLessThan(Duration.ofSeconds(seconds));
            slow.awaitClosed();
        }
    }

    @Test
    void aThousandIdleConnectionsTakeNoMoreDescriptorsThanAllowed() throws Exception {
        int clients = SlowClients.possible(1000);
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Http01Server server = open(ConnectionLimits.defaults().withConnections(50))) {
            assertAnswers(server.port());
            long before = system.getOpenFileDescriptorCount();
            try (SlowClients slow = attack(server.port(), clients, 1)) {
                assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + clients + 200);
                assertAnswers(server.port());
            }
        }
    }

    @Test
    void aSlowClientOfAnotherAddressKeepsItsConnectionDuringAFlood() throws Exception {
        try (Http01Server server = open(ConnectionLimits.defaults().withConnections(50));
                Socket other = RawHttp.connect(server.port())) {
            other.getOutputStream().write("GET ".getBytes(StandardCharsets.US_ASCII));
            assertAnswers(server.port());
            try (SlowClients slow = attack(server.port(), 500, 1)) {
                slow.awaitClosed();
                other.getOutputStream()
                        .write((path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(RawHttp.read(other).body()).isEqualTo(proof.answer().value());
            }
        }
    }

    @Test
    void unfinishedRequestsTakeNoThreads() throws Exception {
        try (Http01Server server = open(ConnectionLimits.defaults())) {
            int before = ManagementFactory.getThreadMXBean().getThreadCount();
            try (SlowClients slow = attack(server.port(), 500, 1)) {
                assertAnswers(server.port());
                assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 12);
            }
        }
    }
}
