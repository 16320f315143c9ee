package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.ListenException.Reason;
import org.wucme.challenges.Proof;
import org.wucme.challenges.internal.Listener;

class Http01ServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String NO_SUCH_TOKEN = "Challenge received but no such token.";

    private final Proof proof = Proof.of("www.example.org");
    private final String path = proof.http01().path();
    private Http01Server server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = Http01Server.open(ANY_PORT);
        port = server.port();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Presented present(Http01Server server, Proof proof) throws IOException {
        return server.present(proof.http01(), proof.identifier(), proof.account());
    }

    private static void assertFree(int port) throws IOException {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void answersAGetWithTheKeyAuthorizationAndNothingElse() throws IOException {
        present(server, proof);
        RawHttp answer = RawHttp.get(port, "www.example.org", path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(answer.body()).isEqualTo(proof.answer().value());
    }

    @Test
    void answersAHeadWithTheLengthOnly() throws IOException {
        present(server, proof);
        RawHttp answer = RawHttp.send(port, "HEAD " + path + " HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length"))
                .isEqualTo(Integer.toString(proof.answer().value().length()));
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"})
    void refusesOtherMethods(String method) throws IOException {
        present(server, proof);
        RawHttp answer = RawHttp.send(port, method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void behindAServerTheHostThatTheCaAskedDecides() throws IOException {
        Proof other = Proof.withThumbprint("b.example", proof.token(), "otherAccount");
        present(server, proof);
        present(server, other);

        RawHttp answer = RawHttp.send(
                port,
                "GET " + path + " HTTP/1.1\r\nHost: backend\r\nX-Forwarded-Host: b.example, middle.example\r\n\r\n");

        assertThat(answer.body()).isEqualTo(other.answer().value());
    }

    @Test
    void answersARequestInAbsoluteForm() throws IOException {
        Proof other = Proof.withThumbprint("b.example", proof.token(), "otherAccount");
        present(server, proof);
        present(server, other);
        assertThat(RawHttp.get(port, "www.example.org", "http://b.example:80" + path)
                        .body())
                .isEqualTo(other.answer().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/.", "//.", "/%2E", "http://www.example.org/"})
    void answersWhateverAServerInFrontMakesOfThePath(String before) throws IOException {
        present(server, proof);
        assertThat(RawHttp.get(port, "www.example.org", before + path + "/").body())
                .isEqualTo(proof.answer().value());
    }

    @Test
    void answersHttp10WithoutHost() throws IOException {
        present(server, proof);
        assertThat(RawHttp.send(port, "GET " + path + " HTTP/1.0\r\n\r\n").body())
                .isEqualTo(proof.answer().value());
    }

    @Test
    void ignoresAQuery() throws IOException {
        present(server, proof);
        assertThat(RawHttp.get(port, "www.example.org", path + "?x=y").body())
                .isEqualTo(proof.answer().value());
    }

    @Test
    void answersUnderAHostThatIsNotKnown() throws IOException {
        present(server, proof);
        assertThat(RawHttp.get(port, "10.0.0.7:8080", path).body())
                .isEqualTo(proof.answer().value());
    }

    @Test
    void theBarePathTellsThatTheNameIsServedHere() throws IOException {
        RawHttp answer = RawHttp.get(port, "www.example.org", "/.well-known/acme-challenge/");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.body()).isEqualTo(NO_SUCH_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/acme-challenge/%2e%2e/%2e%2e/etc/passwd",
                "/.well-known/acme-challenge/../../../../etc/passwd",
                "/.well-known/acme-challenge/TOKEN%2f..%2fTOKEN",
                "/.well-known/acme-challenge/TOKEN/%2e%2e/x",
                "/.well-known/acme-challenge/TOKEN/x/../y",
                "/.well-known/acme-challenge/TOKEN/../TOKEN/x",
                "/.well-known/acme-challenge/TOKEN%00.html",
                "/.well-known/acme-challenge/TOKEN;x=y"
            })
    void traversalAndEncodingFindNothing(String target) throws IOException {
        present(server, proof);
        RawHttp answer = RawHttp.get(port, "www.example.org", target.replace("TOKEN", proof.token()));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(NO_SUCH_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/%252ewell-known/acme-challenge/TOKEN",
                "/x/.well-known/acme-challenge/TOKEN",
                "/.well-known/acme-challenge%2fTOKEN",
                "*",
                "mailto:TOKEN",
                "//TOKEN"
            })
    void whatIsNotOursIsNotFound(String target) throws IOException {
        present(server, proof);
        RawHttp answer = RawHttp.get(port, "www.example.org", target.replace("TOKEN", proof.token()));
        assertThat(answer.text()).doesNotContain(proof.answer().value());
        assertThat(answer.text()).doesNotContain(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/.well-known/acme-challenge/%zz<script>", "/<script>", "/.well-known/acme-challenge/<script>"})
    void nothingOfTheRequestIsEchoed(String target) throws IOException {
        assertThat(RawHttp.get(port, "<script>", target).text()).doesNotContain("script");
    }

    @Test
    void aHugeTokenIsUnknownAndDoesNoHarm() throws IOException {
        RawHttp answer = RawHttp.get(port, "a.example", "/.well-known/acme-challenge/" + "A".repeat(100_000));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text().length()).isLessThan(1000);
        assertThat(RawHttp.get(port, "a.example", path).body()).isEqualTo(NO_SUCH_TOKEN);
    }

    @Test
    void slowClientsAreCutOffAndOthersAreServedMeanwhile() throws IOException {
        Http01Responder responder = new Http01Responder();
        Listener.Bound bound = Http01Server.bind(ANY_PORT, responder, Duration.ofSeconds(1));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = RawHttp.connect(bound.port());
                slow.add(socket);
                socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
            }
            responder.present(proof.http01(), proof.identifier(), proof.account());
            assertThat(RawHttp.get(bound.port(), "www.example.org", path).body())
                    .isEqualTo(proof.answer().value());
            for (Socket socket : slow) {
                assertThat(RawHttp.read(socket).text()).isEmpty();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
            bound.close();
        }
    }

    @Test
    void aHundredNamesAreAskedForAtOnce() throws Exception {
        Concurrently.run(400, 16, number -> {
            Proof mine = Proof.of("n" + number % 100 + ".example");
            try (Presented presented = present(server, mine)) {
                RawHttp answer = RawHttp.get(
                        port, mine.identifier().value(), mine.http01().path());
                assertThat(answer.body()).isEqualTo(mine.answer().value());
            }
            assertThat(RawHttp.get(port, "x", mine.http01().path()).status()).isEqualTo(404);
        });
    }

    @Test
    void aServerThatStaysUpIsFreeOnlyOnceClosed() throws IOException {
        present(server, proof).close();
        assertThat(RawHttp.get(port, "www.example.org", path).status()).isEqualTo(404);
        server.close();
        assertFree(port);
        server.close();
    }

    @Test
    void aServerThatIsOnlyUpWhileNeededLeavesThePortFreeBeforeAndAfter() throws IOException {
        server.close();
        try (Http01Server needed =
                Http01Server.whileNeeded(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertFree(port);
            Presented first = present(needed, proof);
            Presented second = present(needed, Proof.of("b.example"));
            first.close();
            assertThat(RawHttp.get(port, "www.example.org", path).status()).isEqualTo(404);
            second.close();
            assertFree(port);
            try (Presented again = present(needed, proof)) {
                assertThat(RawHttp.get(port, "www.example.org", path).status()).isEqualTo(200);
            }
            assertFree(port);
        }
    }

    @Test
    void anInterruptedThreadLeavesThePortFreeAndStaysInterrupted() throws IOException {
        server.close();
        Http01Server needed = Http01Server.whileNeeded(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        for (int i = 0; i < 20; i++) {
            Thread.currentThread().interrupt();
            try (Presented presented = present(needed, proof)) {
                assertThat(needed.port()).isEqualTo(port);
            }
            assertThat(Thread.interrupted()).isTrue();
            assertFree(port);
        }
    }

    @Test
    void ordersThatComeAndGoAtOnceShareThePort() throws Exception {
        server.close();
        try (Http01Server needed =
                Http01Server.whileNeeded(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            Concurrently.run(200, 8, number -> {
                Proof mine = Proof.of("n" + number + ".example");
                try (Presented presented = present(needed, mine)) {
                    RawHttp answer = RawHttp.get(port, "x", mine.http01().path());
                    assertThat(answer.body()).isEqualTo(mine.answer().value());
                }
            });
            assertFree(port);
        }
    }

    @Test
    void aCheckFindsOutWhetherThePortCanBeHadAndLeavesItFree() throws IOException {
        List<Identifier> names = List.of(proof.identifier());
        server.check(names);
        try (Http01Server needed =
                Http01Server.whileNeeded(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
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
        return Http01Server.whileNeeded(new InetSocketAddress(address, port)).settings();
    }

    @Test
    void aPortInUseIsSaidAndNothingStaysPresented() throws IOException {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Http01Responder responder = new Http01Responder();
        try (Http01Server needed = Http01Server.whileNeeded(taken, responder)) {
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> present(needed, proof))
                    .withMessageContaining("port " + port + ": another program uses it")
                    .withMessageContaining("another")
                    .withMessageContaining("folder of a web server")
                    .matches(e -> e.reason() == Reason.PORT_IN_USE);
            assertThat(responder.answer("www.example.org", path).orElseThrow().status())
                    .isEqualTo(404);
        }
        assertThatExceptionOfType(ListenException.class).isThrownBy(() -> Http01Server.open(taken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void anAddressThatIsNotLocalIsSaid(String address) throws IOException {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName(address), 0);
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(() -> Http01Server.open(elsewhere))
                .matches(e -> e.reason() == Reason.ADDRESS_NOT_LOCAL);
    }

    @Test
    void anUnresolvedAddressIsSaid() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(() -> Http01Server.open(nowhere))
                .matches(e -> e.reason() == Reason.ADDRESS_NOT_LOCAL);
    }

    @Test
    void aResponderCanBeSharedWithAnotherServer() throws IOException {
        Http01Responder shared = new Http01Responder();
        try (Http01Server second = Http01Server.open(ANY_PORT, shared);
                Presented presented = shared.present(proof.http01(), proof.identifier(), proof.account())) {
            assertThat(second.canSolve(proof.http01(), proof.identifier())).isTrue();
            assertThat(RawHttp.get(second.port(), "www.example.org", path).status())
                    .isEqualTo(200);
        }
        assertThat(shared.answer("www.example.org", path).orElseThrow().status())
                .isEqualTo(404);
    }

    @Test
    void hasNoPortWhileItDoesNotListen() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Http01Server.whileNeeded(ANY_PORT).port());
    }
}
