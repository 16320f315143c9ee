package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import okhttp3.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.TestCa;

class ProxyTest {

    private final TestCa ca = TestCa.start();
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
    @ValueSource(strings = {"localhost", "other.example,localhost", "*", "LOCALHOST other.example", ".localhost"})
    void hostsInNoProxyAreReachedWithoutIt(String hosts) {
        User.Run run = user.with("https_proxy", open.hostAndPort())
                .with("no_proxy", hosts)
                .wucme("check", "ca");

        assertThat(run.exit()).isZero();
        assertThat(open.connects()).isEmpty();
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
}
