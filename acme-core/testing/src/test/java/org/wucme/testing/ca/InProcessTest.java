package org.wucme.testing.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A CA without sockets: the same protocol and the same faults. */
class InProcessTest {
    private static final KeyPair KEY = Jdk.newKeyPair();

    private Instant now = Instant.parse("2031-05-06T07:08:09Z");
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final TestCa ca = builder().inProcess("ca.test").alwaysValid(true).finalizeAtOnce(true);
    private final MiniClient client = MiniClient.inProcess(ca);

    private TestCa.Builder builder() {
        return TestCa.builder().clock(() -> now).sleeper(waits::add).random(new Random(7));
    }

    private CaResponse get(String url) throws IOException {
        return ca.handle(new CaRequest("GET", url, Map.of("user-agent", List.of("test")), ""));
    }

    @Test
    void issuesOnItsOwnClock() throws Exception {
        client.register();

        List<X509Certificate> chain = client.issue(KEY, "a.example.org", "*.example.org");

        assertThat(chain.get(0).getNotBefore()).isEqualTo(now.minus(Duration.ofHours(1)));
        assertThat(chain.get(0).getNotAfter())
                .isEqualTo(
                        now.plus(Duration.ofDays(90)).minus(Duration.ofHours(1)).minusSeconds(1));
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(ca.issuerRoot().getPublicKey());
        assertThat(get(ca.directoryUrl()).header("date")).contains("Tue, 06 May 2031 07:08:09 GMT");
    }

    @Test
    void logsAndCountsAsOverTheNetwork() throws Exception {
        client.register();

        assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isEqualTo(1);
        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.directoryUrl()).isEqualTo("https://ca.test/directory");
    }

    @Test
    void validatesByAFunctionBeforeTheAnswerReturns() throws Exception {
        List<AnsweredChallenge> seen = new ArrayList<>();
        ca.alwaysValid(false).validateBy(challenge -> {
            seen.add(challenge);
            return challenge.identifier().startsWith("good") ? Optional.empty() : Optional.of("connection");
        });
        client.register();
        MiniClient.Answer good = client.order("good.example.org");
        MiniClient.Answer bad = client.order("bad.example.org");
        String goodUrl = client.challenge(good, "http-01").path("url").asText();
        String badUrl = client.challenge(bad, "tls-alpn-01").path("url").asText();

        client.post(goodUrl, "{}");
        client.post(badUrl, "{}");

        assertThat(ca.status(goodUrl)).isEqualTo("valid");
        assertThat(ca.status(badUrl)).isEqualTo("invalid");
        assertThat(client.postAsGet(badUrl).json().at("/error/type").asText()).isEqualTo(Problem.URN + "connection");
        assertThat(seen).extracting(AnsweredChallenge::type).containsExactly("http-01", "tls-alpn-01");
        assertThat(seen.get(0).keyAuthorization())
                .isEqualTo(seen.get(0).token() + "." + Registry.thumbprint(client.key));
    }

    @Test
    void faultsOfTheNetworkAreExceptions() {
        ca.fault(Endpoint.DIRECTORY, Fault.resetBefore());
        assertThatThrownBy(() -> get(ca.directoryUrl())).isInstanceOf(SocketException.class);
        ca.fault(Endpoint.DIRECTORY, Fault.stallHeaders()).fault(Endpoint.DIRECTORY, Fault.stallBody());
        assertThatThrownBy(() -> get(ca.directoryUrl())).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> get(ca.directoryUrl())).isInstanceOf(SocketTimeoutException.class);
        ca.fault(Endpoint.DIRECTORY, Fault.truncateBody());
        assertThatThrownBy(() -> get(ca.directoryUrl())).isInstanceOf(EOFException.class);
    }

    @Test
    void aResetAfterTheRequestLetsItTakeEffect() {
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.resetAfter());

        assertThatThrownBy(client::register).isInstanceOf(SocketException.class);

        assertThat(ca.accounts()).hasSize(1);
    }

    @Test
    void faultsOfTheReplyChangeIt() throws Exception {
        ca.fault(Endpoint.NEW_NONCE, Fault.noNonce()).fault(Endpoint.DIRECTORY, Fault.header("Date", "never"));

        assertThat(get(ca.directoryUrl().replace("directory", "new-nonce")).header("Replay-Nonce"))
                .isEmpty();
        assertThat(get(ca.directoryUrl()).headers().stream()
                        .filter(field -> field.getKey().equals("Date"))
                        .map(Map.Entry::getValue))
                .containsExactly("never");
    }

    @Test
    void waitsByItsSleeper() throws Exception {
        ca.latency(Duration.ofSeconds(30)).fault(Endpoint.DIRECTORY, Fault.delay(Duration.ofHours(1)));

        get(ca.directoryUrl());

        assertThat(waits).containsExactly(Duration.ofHours(1).plusSeconds(30));
    }

    @Test
    void anInterruptedWaitIsAnInterruptedCall() {
        TestCa interrupted = TestCa.builder()
                .keysOf(ca)
                .sleeper(duration -> {
                    throw new InterruptedException();
                })
                .inProcess("ca.test")
                .latency(Duration.ofSeconds(1));

        assertThatThrownBy(() -> interrupted.handle(new CaRequest("GET", interrupted.directoryUrl(), Map.of(), "")))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesWhatIsMeantForAnotherHost() {
        assertThatThrownBy(() -> get("https://ca.test.example/directory"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("https://ca.test");
    }

    @Test
    void hasNoHttpsCertificate() {
        assertThatThrownBy(ca::tlsRoot)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ca.test");
    }

    @Test
    void theSameSeedGivesTheSameNames() throws Exception {
        TestCa one = builder().keysOf(ca).inProcess("ca.test").alwaysValid(true).finalizeAtOnce(true);
        TestCa two = builder().keysOf(ca).inProcess("ca.test").alwaysValid(true).finalizeAtOnce(true);
        MiniClient firstClient = MiniClient.inProcess(one);
        MiniClient secondClient = MiniClient.inProcess(two);
        firstClient.register();
        secondClient.register();

        X509Certificate first = firstClient.issue(KEY, "a.example.org").get(0);
        X509Certificate second = secondClient.issue(KEY, "a.example.org").get(0);

        assertThat(two.orders()).isNotEmpty().isEqualTo(one.orders());
        assertThat(two.authorizations()).isNotEmpty().isEqualTo(one.authorizations());
        assertThat(second.getSerialNumber()).isEqualTo(first.getSerialNumber());
    }
}
