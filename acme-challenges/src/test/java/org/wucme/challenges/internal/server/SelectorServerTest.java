package org.wucme.challenges.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.internal.LoggedErrors;

/** What clients can do to a server, and what they get. */
class SelectorServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String LARGE = "x".repeat(16 << 20);
    private static final String REQUEST = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

    private final List<Socket> open = new ArrayList<>();
    private final CompletableFuture<Consumer<HttpResponse>> late = new CompletableFuture<>();
    private SelectorServer server;

    @BeforeEach
    void open() throws IOException {
        server = open(ConnectionLimits.defaults());
    }

    private SelectorServer open(ConnectionLimits limits) throws IOException {
        return SelectorServer.open("test", ANY_PORT, limits, HttpProtocol.answering(this::handle));
    }

    private void handle(HttpRequest request, Consumer<HttpResponse> reply) {
        switch (request.path()) {
            case "/late" -> late.complete(reply);
            case "/large" -> reply.accept(new HttpResponse(200, Map.of(), LARGE));
            case "/error" -> throw new IllegalStateException("expected by this test");
            default -> reply.accept(HttpResponse.text(200, "hello"));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(30_000);
        open.add(socket);
        return socket;
    }

    private Socket send(String text) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private void assertServes() throws IOException {
        assertThat(read(send(REQUEST))).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
    }

    @Test
    void anUnexpectedErrorIsLoggedOnceWithItsTypeAndStackTrace() throws Exception {
        try (LoggedErrors log = LoggedErrors.collect()) {
            assertThat(read(send("GET /error HTTP/1.1\r\nHost: x\r\n\r\n"))).isEmpty();

            assertThat(log.next())
                    .satisfies(entry -> assertThat(entry.getThrown()).isInstanceOf(IllegalStateException.class));
            assertServes();
            assertThat(log.others()).isEmpty();
        }
    }

    @Test
    void aConnectionThatCannotBeSetUpIsClosedAndLoggedWithItsStackTrace() throws Exception {
        server.close();
        server = SelectorServer.open("test", ANY_PORT, ConnectionLimits.defaults(), wire -> {
            throw new IllegalStateException("expected by this test");
        });
        try (LoggedErrors log = LoggedErrors.collect()) {
            assertThat(connect().getInputStream().read()).isEqualTo(-1);

            assertThat(log.next())
                    .satisfies(entry -> assertThat(entry.getThrown()).isInstanceOf(IllegalStateException.class));
        }
    }

    @Test
    void aRequestMayComeByteByByte() throws IOException {
        Socket socket = connect();
        socket.setTcpNoDelay(true);
        for (byte each : REQUEST.getBytes(StandardCharsets.US_ASCII)) {
            socket.getOutputStream().write(each);
        }

        assertThat(read(socket)).endsWith("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n\r\n" + REQUEST, "GET /small HTTP/1.0\n\n", REQUEST + REQUEST, REQUEST + "rubbish"})
    void oneRequestIsAnsweredAndNoMore(String text) throws IOException {
        assertThat(read(send(text))).endsWith("hello").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void contentIsReadAndDropped() throws IOException {
        int length = 1 << 20;
        String head = "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";

        assertThat(read(send(head + "x".repeat(length)))).endsWith("hello");
    }

    @Test
    void aClientThatHalfClosesGetsItsAnswer() throws Exception {
        Socket socket = send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        socket.shutdownOutput();
        Consumer<HttpResponse> reply = late.get(30, TimeUnit.SECONDS);
        assertServes();
        reply.accept(HttpResponse.text(200, "at last"));

        assertThat(read(socket)).endsWith("at last");
    }

    @Test
    void aClientThatHalfClosesTooEarlyIsClosed() throws IOException {
        Socket socket = send("GET / HTTP");
        socket.shutdownOutput();

        assertThat(read(socket)).isEmpty();
    }

    @Test
    void anAnswerToAClientThatIsGoneDoesNoHarm() throws Exception {
        Socket socket = send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        Consumer<HttpResponse> reply = late.get(30, TimeUnit.SECONDS);
        socket.setSoLinger(true, 0);
        socket.close();
        reply.accept(HttpResponse.text(200, LARGE));

        assertServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /", REQUEST, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"})
    void resetConnectionsDoNoHarm(String text) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = send(text);
            socket.setSoLinger(true, 0);
            socket.close();
        }

        assertServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET /<x> HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nno field\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
                "\u0016\u0003\u0001\n\n"
            })
    void badRequestsAreRefused(String text) throws IOException {
        assertThat(read(send(text))).startsWith("HTTP/1.1 400 ").doesNotContain("x>", "folded");
    }

    @Test
    void tooManyHeaderFieldsAreRefused() throws IOException {
        assertThat(read(send("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(10_000) + "\r\n")))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET / HTTP/1.1\r\nx: "})
    void aHeadWithoutEndIsRefused(String beginning) throws IOException {
        assertThat(read(send(beginning + "x".repeat(200_000)))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void anErrorOfTheHandlerEndsItsConnectionOnly() throws IOException {
        assertThat(read(send("GET /error HTTP/1.1\r\nHost: x\r\n\r\n"))).isEmpty();
        assertServes();
    }

    @Test
    void aLargeAnswerIsSentInFull() throws IOException {
        assertThat(read(send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n"))).hasSizeGreaterThan(LARGE.length());
    }

    @Test
    void clientsThatDoNotReadLargeAnswersAreCutOff() throws IOException {
        server.close();
        server = open(ConnectionLimits.defaults().withRequest(Duration.ofSeconds(1)));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n"));
        }
        assertServes();
        for (Socket socket : slow) {
            awaitClosed(socket);
        }
        assertServes();
        for (Socket socket : slow) {
            assertThat(readToTheEnd(socket)).isLessThan(LARGE.length());
        }
    }

    /** Sending fails once the server has closed. */
    private static void awaitClosed(Socket socket) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try {
            while (System.nanoTime() < end) {
                socket.getOutputStream().write('x');
                Thread.sleep(10);
            }
        } catch (SocketException e) {
            return;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        throw new AssertionError("the server did not close a connection whose client does not read");
    }

    private static long readToTheEnd(Socket socket) throws IOException {
        long all = 0;
        try {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(new byte[1 << 16])) {
                all += count;
            }
        } catch (SocketException e) {
            return all;
        }
        return all;
    }

    @Test
    void closingEndsAllConnectionsAndFreesThePort() throws IOException {
        Socket half = send("GET /");
        assertServes();
        server.close();

        assertThat(readToTheEnd(half)).isZero();
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        }
    }
}
