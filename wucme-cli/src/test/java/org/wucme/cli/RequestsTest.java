package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Request;
import org.wucme.testing.ca.TestCa;

/** What each command asks the CA for: no more than it is for, and the directory only where an old one will not do. */
class RequestsTest {

    private final TestCa ca = TestCa.start().alwaysValid(true).finalizeAtOnce(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
        user.wucme("issue", "a.example");
        ca.clearLog();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of("register", List.of(Endpoint.NEW_NONCE, Endpoint.ACCOUNT)),
                Arguments.of("account show", List.of(Endpoint.NEW_NONCE, Endpoint.ACCOUNT)),
                Arguments.of("account show --json", List.of(Endpoint.NEW_NONCE, Endpoint.ACCOUNT)),
                Arguments.of("account update b@example.org", List.of(Endpoint.NEW_NONCE, Endpoint.ACCOUNT)),
                Arguments.of("account rollover", List.of(Endpoint.NEW_NONCE, Endpoint.KEY_CHANGE, Endpoint.ACCOUNT)),
                Arguments.of("account deactivate --yes", List.of(Endpoint.NEW_NONCE, Endpoint.ACCOUNT)),
                Arguments.of("issue a.example", List.of()),
                Arguments.of("certificates", List.of()),
                Arguments.of("status", List.of()),
                Arguments.of("issue b.example --dry-run", List.of(Endpoint.DIRECTORY)),
                Arguments.of("check ca", List.of(Endpoint.DIRECTORY)),
                Arguments.of("revoke WUCME_C_A_EXAMPLE.PEM", List.of(Endpoint.NEW_NONCE, Endpoint.REVOKE)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void areThoseThatItIsFor(String command, List<Endpoint> requests) {
        User.Run run = user.wucme(command.split(" "));

        assertThat(run.exit()).as(run.toString()).isLessThan(2);
        assertThat(ca.log()).extracting(Request::endpoint).containsExactlyElementsOf(requests);
    }

    @Test
    void ofARenewalAreEightAtMost() {
        ca.finalizeAtOnce(false);

        User.Run run = user.wucme("issue", "a.example", "--force");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(ca.log())
                .filteredOn(request -> request.endpoint() != Endpoint.ORDER)
                .extracting(Request::endpoint)
                .containsExactly(
                        Endpoint.NEW_NONCE,
                        Endpoint.NEW_ORDER,
                        Endpoint.AUTHORIZATION,
                        Endpoint.CHALLENGE,
                        Endpoint.FINALIZE,
                        Endpoint.CERTIFICATE);
    }

    @Test
    void ofARegistrationBeginWithTheDirectoryOfNow(@TempDir Path folder) {
        User another = User.of(ca, folder).registered();
        assertThat(ca.count(Endpoint.DIRECTORY)).isOne();
        another.wucme("account", "deactivate", "--yes");
        ca.changeTerms("https://example.org/terms-2").agreeToTerms().clearLog();

        User.Run run = another.wucme("register");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("terms-2").doesNotContain("terms-1");
    }
}
