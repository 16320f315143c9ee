package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.TestCa;

class ProxyTest {

    private final TestCa ca = TestCa.builder().far().start();
    private final ConnectProxy open = new ConnectProxy(null);
    private final ConnectProxy guarded = new ConnectProxy(Credentials.basic("user", "pass:w@rd"));
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder);
    }

    @AfterEach
    void end() {
        open.close();
        guarded.close();
        ca.close();
    }

    private String target() {
        return ca.directoryUrl().replaceAll("https://([^/]+)/.*", "$1");
    }

    @Test
    void theOptionNamesAProxy() {
        User.Run run = user.wucme("check", "ca", "--proxy", "http://" + open.hostAndPort());

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(open.connects()).containsExactly(target());
    }

    @Test
    void aWholeRegistrationGoesThroughIt() {
        User.Run run = user.wucme("register", "--agree-tos", "--proxy", "http://" + open.hostAndPort());

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(open.connects()).isNotEmpty().containsOnly(target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https_proxy", "HTTPS_PROXY", "WUCME_PROXY"})
    void variablesNameAProxy(String variable) {
        user.with(variable, open.hostAndPort()).wucme("check", "ca");

        assertThat(open.connects()).containsExactly(target());
    }

    @Test
    void theOptionGoesBeforeTheVariable() {
        user.with("https_proxy", guarded.hostAndPort())
                .wucme("check", "ca", "--proxy", "http://" + open.hostAndPort() + "/");

        assertThat(open.connects()).containsExactly(target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "far-ca.invalid",
                "other.example,far-ca.invalid",
                "*",
                "FAR-CA.INVALID other.example",
                ".far-ca.invalid",
                "invalid"
            })
    void hostsInNoProxyAreReachedWithoutIt(String hosts) {
        Proxies proxies =
                Proxies.of(open.hostAndPort(), Map.of("no_proxy", hosts)).orElseThrow();

        assertThat(proxies.select(URI.create(ca.directoryUrl()))).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void thisMachineIsReachedWithoutIt(String host) {
        try (TestCa near = TestCa.start()) {
            User.Run run = user.with("https_proxy", open.hostAndPort())
                    .with("WUCME_PROXY", open.hostAndPort())
                    .wucme("check", "ca", "--ca", near.directoryUrl().replace("localhost", host));

            assertThat(run.err()).contains("is not trusted").doesNotContain("the way there");
            assertThat(open.connects()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/, secure:1",
        "http://a.example/, plain:2",
        "HTTP://A.EXAMPLE/, plain:2",
        "http://127.0.0.1:8080/reload, ",
        "https://127.255.0.9/, ",
        "http://localhost/, ",
        "http://dev.localhost/, ",
        "http://[::1]:8080/, ",
        "https://b.example/, ",
        "http://127.example/, plain:2",
        "http://notlocalhost/, plain:2",
    })
    void eachKindOfUrlHasItsOwnAndThisMachineHasNone(String url, @Nullable String proxy) {
        Proxies proxies = Proxies.of(
                        null,
                        Map.of("https_proxy", "secure:1", "http_proxy", "http://plain:2", "no_proxy", "b.example"))
                .orElseThrow();

        assertThat(proxies.select(URI.create(url)))
                .extracting(found -> found.type() == Proxy.Type.DIRECT ? null : hostAndPort(found))
                .containsExactly(proxy);
    }

    private static String hostAndPort(Proxy proxy) {
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        return address.getHostString() + ":" + address.getPort();
    }

    @Test
    void whatIsNotNamedIsReachedDirectly() {
        assertThat(Proxies.of(null, Map.of("https_proxy", "secure:1"))
                        .orElseThrow()
                        .select(URI.create("http://a.example/")))
                .containsExactly(Proxy.NO_PROXY);
        assertThat(Proxies.of(null, Map.of("HTTP_PROXY", "chosen-by-a-client:1")))
                .isEmpty();
        assertThat(Proxies.of("both:1", Map.of("http_proxy", "plain:2"))
                        .orElseThrow()
                        .select(URI.create("http://a.example/"))
                        .toString())
                .contains("both");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "other.example"})
    void otherHostsAreReachedThroughIt(String hosts) {
        user.with("https_proxy", open.hostAndPort()).with("no_proxy", hosts).wucme("check", "ca");

        assertThat(open.connects()).containsExactly(target());
    }

    @Test
    void userAndPasswordAreGivenWhenAskedFor() {
        User.Run run = user.wucme("check", "ca", "--proxy", "http://user:pass%3Aw%40rd@" + guarded.hostAndPort());

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(guarded.connects()).containsExactly(target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user:secret@"})
    void aProxyThatLetsNobodyThroughIsNamedWithoutThePassword(String userInfo) {
        User.Run run = user.wucme("check", "ca", "--proxy", "http://" + userInfo + guarded.hostAndPort());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("; the way there is by the proxy " + guarded.hostAndPort())
                .doesNotContain("secret")
                .hasLineCount(1);
        assertThat(run.out()).doesNotContain("secret");
    }

    @Test
    void aProxyThatIsNotThereIsNamed() {
        int port = User.freePort();

        User.Run run = user.wucme("check", "ca", "--proxy", "http://localhost:" + port);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .endsWith("; the way there is by the proxy localhost:" + port + "\n")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks://localhost:1", "http://user:secret@", "http://us er:secret@localhost", "://"})
    void whatIsNoProxyIsRefusedWithoutShowingAPassword(String url) {
        User.Run run = user.wucme("check", "ca", "--proxy", url);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("the proxy must be given as http://HOST:PORT")
                .doesNotContain("secret")
                .hasLineCount(1);
        assertThat(ca.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check ca", "register --agree-tos", "doctor a.example"})
    void aCaThatOnlyTheProxyCanLookUpIsSaidToBeUnknownToTheDnsWithTheOptionThatHelps(String words) {
        User direct = user.with("WUCME_CA", "https://far-ca.invalid/directory");

        User.Run run = direct.wucme(words.split(" ", -1));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out() + run.err()).contains("DNS", "far-ca.invalid", "--proxy", "https_proxy");
    }

    @Test
    void aProxyThatTheDnsDoesNotKnowIsNamedInsteadOfTheCa() {
        User.Run run = user.wucme("check", "ca", "--proxy", "http://no-proxy.invalid:3128");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("DNS", "the proxy no-proxy.invalid:3128")
                .doesNotContain("--proxy")
                .hasLineCount(1);
    }

    @Test
    void aCaOnThisMachineThatDoesNotListenNeedsNoProxy() {
        User.Run run = user.with("WUCME_CA", "https://localhost:" + User.freePort() + "/dir")
                .wucme("check", "ca");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).doesNotContain("proxy");
    }
}
