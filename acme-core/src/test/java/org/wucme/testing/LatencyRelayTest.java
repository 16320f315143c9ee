package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only the shortest times are asserted: a busy machine may add to each. */
class LatencyRelayTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocket echo;
    private final LatencyRelay relay;

    LatencyRelayTest() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        relay = LatencyRelay.to(echo.getLocalPort());
    }

    @BeforeEach
    void echoes() {
        threads.execute(() -> {
            try {
                while (true) {
                    Socket socket = echo.accept();
                    threads.execute(() -> echo(socket));
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
    }

    @AfterEach
    void ends() throws IOException {
        relay.close();
        echo.close();
        threads.shutdownNow();
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }

    private static Duration echoed(Socket socket, byte[] bytes) throws IOException {
        long sent = System.nanoTime();
        socket.getOutputStream().write(bytes);
        assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        return Duration.ofNanos(System.nanoTime() - sent);
    }

    @Test
    void everyByteComesThroughInItsOrder() throws IOException {
        byte[] many = new byte[200_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = (byte) (i * 31 ^ i >> 8);
        }
        relay.roundTrip(Duration.ofMillis(10));
        try (Socket socket = connect()) {
            assertThat(echoed(socket, many)).isPositive();
        }
    }

    @Test
    void anAnswerTakesARoundTripAndTheFirstOneTwo() throws IOException {
        relay.roundTrip(Duration.ofMillis(100));
        long begun = System.nanoTime();
        try (Socket socket = connect()) {
            echoed(socket, new byte[] {1});

            // With the connection's own. (A sleep may be a little shorter than it was asked to be.)
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(190));
            assertThat(echoed(socket, new byte[] {2})).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void theRoundTripMayChangeWhileAConnectionIsOpen() throws IOException {
        try (Socket socket = connect()) {
            echoed(socket, new byte[] {1});
            relay.roundTrip(Duration.ofMillis(80));

            assertThat(echoed(socket, new byte[] {2})).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void anEndIsPassedOnInBothDirections() throws IOException {
        try (Socket socket = connect()) {
            echoed(socket, new byte[] {1});
            socket.shutdownOutput();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionsAreCounted() throws IOException {
        try (Socket one = connect();
                Socket two = connect()) {
            echoed(one, new byte[] {1});
            echoed(two, new byte[] {1});
            assertThat(relay.connections()).isEqualTo(2);

            relay.clearConnections();

            assertThat(relay.connections()).isZero();
        }
    }
}
