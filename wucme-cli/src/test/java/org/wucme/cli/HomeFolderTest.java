package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.testing.Intruder;

class HomeFolderTest {

    private static final String NOT_LISTED = "?";

    @TempDir
    Path home;

    private String error(Map<String, String> environment, String... words) {
        StringWriter err = new StringWriter();
        assertThat(Wucme.run(environment, new PrintWriter(new StringWriter()), new PrintWriter(err, true), words))
                .isEqualTo(ExitCode.FAILED);
        return err.toString();
    }

    @Test
    void theVariableComesBeforeTheListOfUsers() {
        assertThat(new HomeFolder("/home/alice", "/root").requireStore()).isEqualTo(Path.of("/home/alice/.wucme"));
        assertThat(new HomeFolder(null, "/root").requireStore()).isEqualTo(Path.of("/root/.wucme"));
        assertThat(new HomeFolder("", "/root").requireStore()).isEqualTo(Path.of("/root/.wucme"));
        assertThat(new HomeFolder("/data", NOT_LISTED).requireStore()).isEqualTo(Path.of("/data/.wucme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "relative", "./here", " "})
    void aHomeThatIsRelativeIsRefused(String variable) {
        HomeFolder none = new HomeFolder(variable, "/root");

        assertThat(none.store()).isEmpty();
        assertThatThrownBy(none::requireStore).hasMessageContainingAll("HOME", variable, "--here", "WUCME_HERE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "none"})
    void aUserWhoIsNotListedNeedsOneOrTheOther(String listed) {
        HomeFolder none = new HomeFolder(null, listed);

        assertThat(none.store()).isEmpty();
        assertThatThrownBy(none::requireStore).hasMessageContainingAll("HOME is not set", "--here", "WUCME_HERE");
    }

    @Test
    void rootDoesNotWorkInTheHomeThatSudoLeft() throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Intruder.give(home);

        assertThat(new HomeFolder(home.toString(), "/root").requireStore()).isEqualTo(Path.of("/root/.wucme"));
        assertThat(new HomeFolder(home.toString(), NOT_LISTED).requireStore()).isEqualTo(home.resolve(".wucme"));
    }

    @Test
    void commandsWorkInTheHomeOfTheirEnvironment() throws Exception {
        assertThat(error(Map.of("HOME", home.toString()), "status")).contains(home + "/.wucme is not a folder");

        Path store = Files.createDirectory(home.resolve(".wucme"));
        Files.writeString(store.resolve("WUCME.CONF"), "this is no line\n");
        assertThat(error(Map.of("HOME", home.toString()), "status")).contains(store + "/WUCME.CONF, line 1");
    }

    @Test
    void withoutAHomeOnlyWhatNeedsOneFails() {
        Map<String, String> homeless = Map.of("HOME", "?");

        assertThat(error(homeless, "status"))
                .contains("HOME", "--here", "WUCME_HERE")
                .doesNotContain("unexpected");
        assertThat(error(homeless, "register")).contains("--here");
        assertThat(error(homeless, "status", "--here", home + "/none")).contains(home + "/none is not a folder");
        assertThat(Wucme.run(
                        homeless, new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), "version"))
                .isZero();
        assertThat(Path.of("?")).doesNotExist();
        assertThat(error(Map.of("HOME", "rel"), "status"))
                .contains("\"rel\"", "no absolute path")
                .doesNotContain("list of users");
    }

    @Test
    void aTildeIsTheHomeFolderWhereNoShellReplacesIt() {
        Map<String, String> alice = Map.of("HOME", home.toString());

        assertThat(error(alice, "status", "--here=~/tls")).contains(home + "/tls is not a folder");
        assertThat(error(Map.of("HOME", home.toString(), "WUCME_HERE", "~/tls"), "status"))
                .contains(home + "/tls is not a folder");
        assertThat(error(alice, "import", "--here", home.toString(), "~/.acme.sh"))
                .contains(home + "/.acme.sh");
        assertThat(error(Map.of("HOME", "?"), "status", "--here=~/tls"))
                .contains("HOME")
                .doesNotContain("unexpected");
        assertThat(new HomeFolder("/home/alice", null).path("~alice/x")).isEqualTo(Path.of("~alice/x"));
    }

    @Test
    void anEmptyPathIsNotTheWorkingFolder() {
        assertThat(error(Map.of("HOME", home.toString()), "status", "--here=")).contains("--here", "missing");
    }
}
