package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Nothing that a CA says is trusted further than it must be. */
class DistrustTest extends AtTestCa {

    private static final CertificateRequest REQUEST = CertificateRequest.of("www.example.test");

    private static AcmeProtocolException violation(ThrowingCallable call) {
        return assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(call)
                .matches(e -> !e.isRetryable())
                .actual();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectOfASignedRequestIsNotFollowed(int status) throws IOException {
        Account account = account();
        try (TestCa elsewhere = TestCa.start()) {
            ca.fault(Endpoint.NEW_ORDER, Fault.redirect(status, elsewhere.directoryUrl()));

            assertThat(violation(() -> account.obtain(REQUEST, solver)))
                    .hasMessageContaining(String.valueOf(status))
                    .hasMessageContaining("redirect");
            assertThat(elsewhere.count()).isZero();
        }
    }

    @Test
    void aRedirectOfTheDirectoryIsNotFollowed() {
        ca.fault(Endpoint.DIRECTORY, Fault.redirect(ca.directoryUrl()));

        violation(client::fetchDirectory);
        assertThat(ca.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/order", "ftp://localhost/order", "file:///etc/passwd", "/order", "x y"})
    void aUrlThatIsNotHttpsIsNotAsked(String url) throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.put("newOrder", url)));
        Account account = account();

        assertThat(violation(() -> account.obtain(REQUEST, solver))).hasMessageContaining("not https");
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void plainTextIsRefusedForTheDirectoryItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ca.of("http://localhost/directory"))
                .withMessageContaining("https");
    }

    @Test
    void urlsFurtherDownAreCheckedToo() throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.json(order -> order.putArray("authorizations").add("http://169.254.169.254/latest/meta-data")));

        assertThat(violation(() -> account.obtain(REQUEST, solver))).hasMessageContaining("169.254.169.254");
    }

    @Test
    void aReplyThatIsTooLargeIsNotRead() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.hugeBody(1L << 30));

        assertThat(violation(() -> account.obtain(REQUEST, solver))).hasMessageContaining("larger than");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, <html>captive portal</html>",
        "application/json, ''",
        "application/json, '[]'",
        "application/json, '{}'",
        "application/json, '{\"newNonce\": 1}'",
        "application/json, '{\"newNonce\"'"
    })
    void whatIsNoDirectoryIsSaidToBeNone(String type, String body) {
        ca.fault(Endpoint.DIRECTORY, Fault.body(type, body));

        assertThat(violation(client::fetchDirectory)).hasMessageContaining(ca.directoryUrl());
    }

    @Test
    void aDirectoryNeedsNoMetaAndMayHoldMore() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> {
            directory.remove("meta");
            directory.remove("keyChange");
            directory.putObject("more").put("x", 1);
        }));

        Directory directory = client.fetchDirectory();

        assertThat(directory.termsOfService()).isNull();
        assertThat(directory.keyChange()).isNull();
        assertThat(directory.profiles()).isEmpty();
    }

    @Test
    void whatIsCreatedHasAUrl() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_ORDER, Fault.withoutHeader("Location"));

        assertThat(violation(() -> account.obtain(REQUEST, solver)))
                .hasMessageContaining("Location")
                .hasMessageContaining("/new-order");
    }

    @Test
    void anOrderMustNotChangeItsIdentifiers() throws IOException {
        assertRefusesChange(order ->
                order.withArray("identifiers").addObject().put("type", "dns").put("value", "more.example.test"));
    }

    @Test
    void anOrderMustNotChangeItsAuthorizations() throws IOException {
        assertRefusesChange(order -> order.putArray("authorizations").add("https://localhost/another"));
    }

    private void assertRefusesChange(Consumer<ObjectNode> change) throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDER, Fault.json(change));

        assertThat(violation(() -> account.obtain(REQUEST, solver)))
                .hasMessageContaining("/order/")
                .hasMessageContaining("changed");
    }

    @Test
    void aServerWithAnUnknownRootIsNotTrustedAndSaysWhatToDo() {
        try (AcmeClient other = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                .sleeper(time)
                .build()) {
            assertThatExceptionOfType(AcmeConnectionException.class)
                    .isThrownBy(other::fetchDirectory)
                    .withMessageContaining("not trusted")
                    .withMessageContaining("private root")
                    .matches(e -> !e.isRetryable());
        }
        assertThat(ca.count()).isZero();
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void aServerWithAnotherNameIsNotTrusted() {
        Ca renamed = new Ca("test", ca.directoryUrl().replace("localhost", "other.example.test"));
        OkHttpClient misled = new OkHttpClient.Builder()
                .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                .build();
        try (AcmeClient other = clientBuilder(renamed).httpClient(misled).build()) {
            assertThatExceptionOfType(AcmeConnectionException.class)
                    .isThrownBy(other::fetchDirectory)
                    .withMessageContaining("not trusted: it is for another host name")
                    .matches(e -> !e.isRetryable());
        }
        assertThat(ca.count()).isZero();
    }

    private AcmeClient.Builder clientBuilder(Ca other) {
        return AcmeClient.builder(other).trustedRoots(List.of(ca.tlsRoot())).sleeper(time);
    }

    @Test
    void aHandshakeThatIsCutOffIsNoDistrust() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread hangingUp = new Thread(() -> hangUp(server));
            hangingUp.setDaemon(true);
            hangingUp.start();
            Ca cutOff = new Ca(
                    "test",
                    "https://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + "/directory");
            try (AcmeClient other = clientBuilder(cutOff).build()) {
                assertThatExceptionOfType(AcmeConnectionException.class)
                        .isThrownBy(other::fetchDirectory)
                        .withMessageNotContaining("trusted")
                        .matches(AcmeException::isRetryable);
            }
        }
        assertThat(time.sleeps()).hasSize(RetryPolicy.DEFAULT.retries());
    }

    // Reads the greeting first: what is left unread would make a reset of the end.
    private static void hangUp(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read(new byte[1 << 16])).isPositive();
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorizations", "notBefore"})
    void anIssuedCertificateIsTakenThoughTheOrderLacksWhatItHadBefore(String member) throws IOException {
        Account account = account();
        Order order = finalized(account);
        ca.fault(Endpoint.ORDER, Fault.json(json -> json.remove(member)));

        Order valid = account.awaitValid(order, PollingPolicy.DEFAULT);

        assertThat(valid.status()).isEqualTo(OrderStatus.VALID);
        assertThat(account.downloadCertificate(valid).leaf()).isNotNull();
    }

    @Test
    void anOrderMustNotChangeItsIdentifiersEvenWhenItIsValid() throws IOException {
        Account account = account();
        Order order = finalized(account);
        ca.fault(
                Endpoint.ORDER,
                Fault.json(json -> json.putArray("identifiers")
                        .addObject()
                        .put("type", "dns")
                        .put("value", "other.example.test")));

        assertThat(violation(() -> account.awaitValid(order, PollingPolicy.DEFAULT)))
                .hasMessageContaining("changed");
    }

    @Test
    void whyAnOrderIsInvalidIsSaidWhateverElseChanged() throws IOException {
        Account account = account();
        Order order = finalized(account);
        ca.fault(Endpoint.ORDER, Fault.json(json -> {
            json.remove(List.of("authorizations", "identifiers"));
            json.put("status", "invalid")
                    .putObject("error")
                    .put("type", "urn:ietf:params:acme:error:caa")
                    .put("detail", "CAA forbids it");
        }));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.awaitValid(order, PollingPolicy.DEFAULT))
                .withMessageContaining("CAA forbids it");
    }

    private static Order finalized(Account account) throws IOException {
        Order ready = readyOrder(account, "www.example.test");
        return account.finalizeOrder(ready, csr(TestClients.newKey(), "www.example.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nINFO: forged", "a\r", "a\u001b[31m", "a b", "a\u009b", "\u00e4", "a\u2028b"})
    void aUrlWithMoreThanPrintableAsciiIsNeitherAskedNorLogged(String path) throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.NEW_ORDER,
                Fault.json(order -> order.putArray("authorizations").add(ca.directoryUrl() + path)));

        List<String> logged = LogCapture.during(() ->
                assertOneLine(violation(() -> account.obtain(REQUEST, solver)).getMessage()));

        assertThat(ca.count(Endpoint.DIRECTORY) + ca.count(Endpoint.UNKNOWN)).isZero();
        assertThat(logged).isNotEmpty().allSatisfy(DistrustTest::assertOneLine);
    }

    @Test
    void wordsOfTheCaDoNotBreakALine() throws IOException {
        Account account = account();
        ca.fault(Endpoint.AUTHORIZATION, Fault.json(authorization -> {
            authorization.withObject("identifier").put("value", "www.example.test\nINFO: forged");
            authorization
                    .putArray("challenges")
                    .addObject()
                    .put("type", "x\u001b[31m\ny")
                    .put("url", "https://localhost/1");
        }));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .withMessageContaining("no way to prove control")
                .satisfies(e -> assertOneLine(e.getMessage()));
    }

    private static void assertOneLine(@Nullable String text) {
        assertThat(text).doesNotContainPattern("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]");
    }
}
